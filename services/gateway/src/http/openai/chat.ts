import { once } from 'node:events';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ChatRequestSchema, Generation } from '@quotemaster/contract/ai';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { Response } from 'express';
import { exchangeOf } from '../exchange.ts';
import { setGenerationHeaders, setOriginHeaders } from './generation-headers.ts';
import { toOpenAiError } from './openai-error.ts';
import type { OpenAiChat } from './openai-request.ts';
import type { OpenAiCall } from './openai-room.ts';

interface WallClock {
  now(): number;
}

/** Answers with one `chat.completion`. */
export async function answerChat(response: Response, call: OpenAiCall, asked: OpenAiChat, clock: WallClock): Promise<void> {
  const { text, finishReason, generation } = await call.inference.chat(toChatRequest(asked), call.options);
  setGenerationHeaders(response, generation);
  response.json({
    ...{ id: idOf(generation?.decisionId), object: 'chat.completion', created: seconds(clock), model: generation?.model ?? asked.model },
    choices: [{ index: 0, message: { role: 'assistant', content: text, refusal: null }, logprobs: null, finish_reason: finishReason }],
    usage: toUsage(generation),
  });
}

/**
 * Answers with chunks as they come, and `[DONE]`. An error before the first is an ordinary one; after it, it is an event of its own, and
 * there is no `[DONE]`: a client must not take a cut answer for a whole one.
 */
export async function streamChat(response: Response, call: OpenAiCall, asked: OpenAiChat, clock: WallClock): Promise<void> {
  const { signal } = exchangeOf(response);
  const steps = call.inference.streamChat({ request: toChatRequest(asked) }, call.options);
  const created = seconds(clock);
  let head: { id: string; model: string } | undefined;
  const send = async (data: object): Promise<void> => {
    if (!response.write(`data: ${JSON.stringify(data)}\n\n`)) await once(response, 'drain', { signal });
  };
  const chunk = (delta: object, finish: string | null = null): object => ({
    ...{ id: head?.id, object: 'chat.completion.chunk', created, model: head?.model },
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });

  try {
    for await (const { event } of steps) {
      switch (event.case) {
        case 'started':
          head = { id: idOf(event.value.decisionId), model: event.value.model };
          begin(response, event.value);
          await send(chunk({ role: 'assistant', content: '' }));
          break;
        case 'delta':
          await send(chunk({ content: event.value }));
          break;
        case 'done': {
          const { finishReason, generation } = event.value;
          await send(chunk({}, finishReason));
          if (asked.stream_options?.include_usage === true) await send({ ...chunk({}), choices: [], usage: toUsage(generation) });
          response.end('data: [DONE]\n\n');
          return;
        }
        case undefined:
          break;
      }
    }
    throw new AppError(commonErrors.unavailable, { reason: "ai-orchestrator's stream ended without its last event" });
  } catch (error) {
    if (head === undefined || signal.aborted || response.writableEnded) throw error;
    const known = error instanceof AppError ? error : new AppError(commonErrors.internal, { reason: 'a stream failed', cause: error });
    exchangeOf(response).errorCode = known.code;
    await send({ ...toOpenAiError(known).body, usage: usedSoFar(known) });
    response.end();
  }
}

function begin(response: Response, origin: { provider: string; decisionId: string }): void {
  response.status(200);
  setOriginHeaders(response, origin);
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  response.setHeader('Cache-Control', 'no-cache, no-transform');
  response.setHeader('X-Accel-Buffering', 'no');
  response.flushHeaders();
}

function toChatRequest(asked: OpenAiChat): MessageInitShape<typeof ChatRequestSchema> {
  const { model, messages, max_completion_tokens: most, max_tokens: mostByOldName, temperature, seed } = asked;
  return {
    model,
    messages: messages.map(({ role, content }) => ({ role: role === 'developer' ? 'system' : role, content })),
    maxOutputTokens: most ?? mostByOldName ?? 0,
    ...(temperature === undefined || temperature === null ? {} : { temperature }),
    ...(seed === undefined || seed === null ? {} : { seed: BigInt(seed) }),
  };
}

function toUsage(generation: Generation | undefined): object {
  const { inputTokens = 0, outputTokens = 0 } = generation?.usage ?? {};
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}

/** A cut answer is charged all the same; what the error says of that is told. */
function usedSoFar({ metadata }: AppError): object | null {
  const [input, output] = [Number(metadata['input_tokens']), Number(metadata['output_tokens'])];
  return Number.isNaN(input + output) ? null : { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function idOf(decisionId: string | undefined): string {
  return `chatcmpl-${decisionId ?? ''}`;
}

function seconds(clock: WallClock): number {
  return Math.floor(clock.now() / 1_000);
}
