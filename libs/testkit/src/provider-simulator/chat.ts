import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { wait } from './exchange.ts';
import type { Asked, Exchange } from './exchange.ts';
import type { ChatAnswer, ChatAsk, Dialect } from './dialects/dialect.ts';
import { piecesOf, valueFor, wantedQuotes, writeLines } from './text.ts';
import { countTokens } from './tokens.ts';

export type ChatAsked = Asked & { readonly ask: ChatAsk };

/** Reads a request for words. @throws Refused */
export function readChat(dialect: Dialect, body: Record<string, unknown>): ChatAsked {
  const ask = dialect.readChat(body);
  return { ask, model: ask.model, stream: ask.stream, inputTokens: countTokens(...ask.read) };
}

/** Answers it, whole or as a stream, as the behaviour says. */
export async function answerChat(exchange: Exchange, asked: ChatAsked): Promise<void> {
  const { dialect, call } = exchange;
  const answer = compose(exchange, asked);
  if (asked.stream) {
    await stream(exchange, asked, answer);
    return;
  }
  const body = JSON.stringify(dialect.whole(answer));
  call.outputTokens = answer.outputTokens;
  switch (exchange.behaviour.kind) {
    case 'cut_stream':
    case 'stall':
    case 'bad_chunk':
    case 'no_finish':
    case 'error_in_stream':
      await breakOff(exchange, body);
      return;
    case 'slow_first_token':
      await wait(exchange.behaviour.ms, exchange.gone);
      if (!exchange.gone.aborted) exchange.send('application/json', body);
      return;
    default:
      exchange.send('application/json', body);
  }
}

let served = 0;

/** Without a seed the same question is answered otherwise each time. */
function compose({ behaviour }: Exchange, { ask, inputTokens }: ChatAsked): ChatAnswer {
  served += 1;
  const seed = ask.seed === undefined ? `${randomUUID()}/${String(served)}` : `seed ${String(ask.seed)}`;
  const lines = (): string => writeLines(wantedQuotes(ask.prompt), `${seed}/${ask.prompt}`);
  const told = behaviour.kind === 'healthy' ? behaviour.text : undefined;
  const written =
    told ?? (ask.json === undefined ? lines() : JSON.stringify(valueFor(ask.json === true ? anyJson : ask.json, lines().split('\n'))));
  const answer = { id: randomUUID().replaceAll('-', ''), model: ask.model, inputTokens, withUsage: behaviour.kind !== 'no_usage' };
  const whole = (text: string, finish: ChatAnswer['finish'], refusal?: string): ChatAnswer => ({
    ...answer,
    text,
    finish,
    refusal,
    outputTokens: countTokens(text, refusal ?? ''),
  });
  switch (behaviour.kind) {
    case 'empty':
      return whole('', 'stop');
    case 'truncated':
      // In the middle of the first line, so that nothing of it is whole.
      return whole(written.slice(0, Math.max(1, Math.floor((written.split('\n')[0] ?? '').length / 2))), 'length');
    case 'content_filter':
      return whole('', 'content_filter');
    case 'refusal':
      return behaviour.as === 'field'
        ? whole('', 'refusal', 'I’m sorry, I cannot help with that.')
        : whole('I’m sorry, but I can’t help with that.', 'stop');
    default:
      return bounded(whole(written, 'stop'), ask.maxTokens);
  }
}

const anyJson = {
  type: 'object',
  properties: { quotes: { type: 'array', items: { type: 'object', properties: { text: { type: 'string' } } } } },
};

function bounded(answer: ChatAnswer, maxTokens: number | undefined): ChatAnswer {
  if (maxTokens === undefined || answer.outputTokens <= maxTokens) return answer;
  const text = answer.text.slice(0, maxTokens * 4);
  return { ...answer, text, finish: 'length', outputTokens: countTokens(text) };
}

async function stream(exchange: Exchange, { ask }: ChatAsked, answer: ChatAnswer): Promise<void> {
  const { dialect, behaviour, response, gone, call } = exchange;
  const script = dialect.script(answer, ask.includeUsage);
  const tokenDelayMs = behaviour.kind === 'healthy' ? (behaviour.tokenDelayMs ?? 0) : 0;
  const breakAfter = 'afterChunks' in behaviour ? behaviour.afterChunks : 2;
  exchange.begin('text/event-stream');
  if (behaviour.kind === 'slow_first_token') {
    response.flushHeaders();
    await wait(behaviour.ms, gone);
  }
  for (const event of script.head) response.write(event);

  let said = '';
  const pieces = piecesOf(answer.text);
  for (const [index, piece] of pieces.entries()) {
    if (gone.aborted) return;
    if (index === breakAfter && (await brokenOff(exchange, script))) return;
    said += piece;
    call.outputTokens = countTokens(said);
    if (!response.write(script.piece(piece))) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    await wait(tokenDelayMs, gone);
  }
  // An answer shorter than where it was to break breaks at its end.
  if (pieces.length <= breakAfter && (await brokenOff(exchange, script))) return;
  call.outputTokens = answer.outputTokens;
  for (const event of script.tail) response.write(event);
  if (behaviour.kind !== 'no_done') response.write(script.last);
  response.end();
}

/** Plays what breaks a stream in its middle; true when nothing follows. */
async function brokenOff({ behaviour, response, cut, gone }: Exchange, script: { broken: string; error: string }): Promise<boolean> {
  switch (behaviour.kind) {
    case 'cut_stream':
      // What was written must be on the wire before the connection breaks.
      await new Promise((resolve) => response.write(': \n\n', resolve));
      cut();
      return true;
    case 'stall':
      if (!gone.aborted) await once(gone, 'abort');
      return true;
    case 'error_in_stream':
      response.end(script.error);
      return true;
    case 'no_finish':
      response.end();
      return true;
    case 'bad_chunk':
      response.write(script.broken);
      return false;
    default:
      return false;
  }
}

/** Half of an answer that is not streamed, and then nothing, or the end. */
async function breakOff({ behaviour, begin, response, cut, gone }: Exchange, body: string): Promise<void> {
  begin('application/json');
  await new Promise((resolve) => response.write(body.slice(0, body.length / 2), resolve));
  if (behaviour.kind === 'stall') {
    if (!gone.aborted) await once(gone, 'abort');
  } else if (behaviour.kind === 'cut_stream') cut();
  else response.end();
}
