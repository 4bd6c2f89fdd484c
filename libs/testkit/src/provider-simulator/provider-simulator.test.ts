import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '../wait-until.ts';
import { chargeFor } from './prices.ts';
import { startProviderSimulator } from './provider-simulator.ts';
import type { Behaviour, ProviderSimulator } from './provider-simulator.ts';

let simulator: ProviderSimulator;
beforeAll(async () => {
  simulator = await startProviderSimulator();
});
afterAll(() => simulator.stop());
beforeEach(() => simulator.reset());

const ask = (more: object = {}) => ({
  model: 'gpt-6-luna',
  messages: [{ role: 'user', content: 'Write 2 quotes about rivers.' }],
  ...more,
});

/** The three dialects, each with a request that asks for the same. */
const dialects = [
  { name: 'openai', account: 'openai', url: () => `${simulator.openaiUrl}/chat/completions`, more: {} },
  {
    name: 'azure',
    account: 'azure',
    url: () => `${simulator.azureUrl}/openai/deployments/gpt-6-luna/chat/completions?api-version=2024-10-21`,
    more: {},
  },
  { name: 'anthropic', account: 'anthropic', url: () => `${simulator.anthropicUrl}/v1/messages`, more: { max_tokens: 500 } },
];

async function send(url: string, body: object, init: RequestInit = {}): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(5_000),
    ...init,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe.each(dialects)('the simulator as $name', ({ name, account, url, more }) => {
  const call = (extra: object = {}, init: RequestInit = {}) => send(url(), { ...ask(), ...more, ...extra }, init);
  const seen = () => simulator.account(account);

  it('answers, differently each time, and counts the call', async () => {
    const [one, other] = [await call(), await call()];
    expect(one.status).toBe(200);
    expect(one.headers.get(name === 'anthropic' ? 'request-id' : 'x-request-id')).toMatch(/^req_/);
    expect(one.text).not.toBe(other.text);
    expect(seen().calls).toMatchObject([
      { operation: 'chat', model: 'gpt-6-luna', stream: false, status: 200, behaviour: 'healthy', endedBy: 'answered' },
      { endedBy: 'answered' },
    ]);
    expect(seen().openCalls).toBe(0);
  });

  it.each<[Behaviour, number]>([
    [{ kind: 'rate_limited', retryAfter: { seconds: 3 } }, 429],
    [{ kind: 'status', code: 502 }, 502],
    [{ kind: 'overloaded' }, name === 'anthropic' ? 529 : 503],
    [{ kind: 'context_too_long' }, 400],
    [{ kind: 'invalid_request' }, 400],
    [{ kind: 'content_filter', as: 'error' }, 400],
  ])('refuses as %j, in its own words, and charges nothing', async (behaviour, status) => {
    seen().behave(behaviour);
    const answer = await call();
    expect(answer.status).toBe(status);
    expect((JSON.parse(answer.text) as { error: { message: string } }).error.message).not.toBe('');
    expect(answer.headers.get('retry-after')).toBe(behaviour.kind === 'rate_limited' ? '3' : null);
    expect(simulator.invoice()).toEqual([]);
  });

  it('tells the wait in milliseconds and as a date too', async () => {
    const date = new Date(Date.now() + 60_000);
    seen().behave({ kind: 'rate_limited', retryAfter: { ms: 1_500 } }, { kind: 'rate_limited', retryAfter: { date } });
    expect((await call()).headers.get('retry-after-ms')).toBe('1500');
    expect((await call()).headers.get('retry-after')).toBe(date.toUTCString());
  });

  it('breaks the connection, before an answer or in the middle of one', async () => {
    seen().behave({ kind: 'reset' }, { kind: 'cut_stream', afterChunks: 2 });
    await expect(call()).rejects.toThrow();
    await expect(call({ stream: true })).rejects.toThrow();
    expect(seen().calls.map(({ endedBy }) => endedBy)).toEqual(['cut', 'cut']);
  });

  it('stays silent until whoever called hangs up, and sees that', async () => {
    seen().behave({ kind: 'silence' });
    const controller = new AbortController();
    const gone = call({}, { signal: controller.signal });
    await waitUntil('the call is there', () => seen().openCalls === 1);
    controller.abort();
    await expect(gone).rejects.toThrow();
    await waitUntil('it is over', () => seen().openCalls === 0);
    expect(seen().calls[0]).toMatchObject({ endedBy: 'client closed', status: undefined });
  });

  it('ends a stream well, without its last word, with an error, or not at all', async () => {
    const last = name === 'anthropic' ? 'message_stop' : '[DONE]';
    const finish = name === 'anthropic' ? 'end_turn' : '"stop"';
    expect((await call({ stream: true })).text).toContain(last);
    seen().behave({ kind: 'no_done' }, { kind: 'no_finish' }, { kind: 'error_in_stream' }, { kind: 'bad_chunk' });
    const [noDone, noFinish, error, bad] = [
      await call({ stream: true }),
      await call({ stream: true }),
      await call({ stream: true }),
      await call({ stream: true }),
    ];
    expect(noDone.text).toContain(finish);
    expect(noDone.text).not.toContain(last);
    expect(noFinish.text).not.toContain(finish);
    expect(error.text).toContain('"error"');
    expect(() =>
      bad.text
        .split('\n')
        .filter((line) => line.startsWith('data: {'))
        .map((line) => JSON.parse(line.slice(6)) as unknown),
    ).toThrow();
  });

  it('answers emptily, cut off, filtered, declining, without usage, or with what is no JSON', async () => {
    const kinds: Behaviour[] = [
      { kind: 'empty' },
      { kind: 'truncated' },
      { kind: 'content_filter' },
      { kind: 'refusal' },
      { kind: 'no_usage' },
      { kind: 'wrong_json' },
    ];
    seen().behave(...kinds);
    const texts: string[] = [];
    while (texts.length < kinds.length) texts.push((await call()).text);
    const [empty, truncated, filtered, refusal, noUsage, wrong] = texts as [string, string, string, string, string, string];
    expect(empty).toMatch(/"content":(""|\[\])/);
    expect(truncated).toMatch(/"length"|"max_tokens"/);
    expect(filtered).toMatch(/"content_filter"|"refusal"/);
    expect(refusal).toContain('refusal');
    expect(noUsage).not.toContain('"usage"');
    expect(() => JSON.parse(wrong) as unknown).toThrow();
  });

  it('keeps to its limits, tells of them in its own headers, and accepts only the keys named', async () => {
    seen().limit({ requestsPerMinute: 2 });
    const answers = [await call(), await call(), await call()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(
      answers[0]!.headers.get(name === 'anthropic' ? 'anthropic-ratelimit-requests-remaining' : 'x-ratelimit-remaining-requests'),
    ).toBe('1');
    expect(Number(answers[2]!.headers.get('retry-after'))).toBeGreaterThan(50);
    simulator.reset();
    seen().accept('good');
    expect((await call()).status).toBe(401);
    const header =
      name === 'openai' ? { authorization: 'Bearer good' } : name === 'azure' ? { 'api-key': 'good' } : { 'x-api-key': 'good' };
    expect((await call({}, { headers: { 'content-type': 'application/json', ...header } })).status).toBe(200);
  });

  it('charges what was written, of a broken answer too, and counts it up to the millionth', async () => {
    await call();
    seen().behave({ kind: 'cut_stream', afterChunks: 3 });
    await expect(call({ stream: true })).rejects.toThrow();
    const { calls } = seen();
    expect(calls[1]!.outputTokens).toBeGreaterThan(0);
    expect(calls[1]!.outputTokens).toBeLessThan(calls[0]!.outputTokens);
    expect(simulator.invoice()).toEqual([
      {
        account,
        model: 'gpt-6-luna',
        calls: 2,
        inputTokens: calls[0]!.inputTokens + calls[1]!.inputTokens,
        outputTokens: calls[0]!.outputTokens + calls[1]!.outputTokens,
        audioSeconds: 0,
        microUsd: chargeFor('gpt-6-luna', calls[0]!) + chargeFor('gpt-6-luna', calls[1]!),
      },
    ]);
  });
});

describe('the simulator', () => {
  it('answers with JSON of the schema that is asked for', async () => {
    const schema = {
      type: 'object',
      properties: { quotes: { type: 'array', items: { type: 'object', properties: { text: { type: 'string' } } } } },
    };
    const { text } = await send(
      `${simulator.openaiUrl}/chat/completions`,
      ask({ response_format: { type: 'json_schema', json_schema: { name: 'q', schema } } }),
    );
    const { choices } = JSON.parse(text) as { choices: { message: { content: string } }[] };
    expect((JSON.parse(choices[0]!.message.content) as { quotes: unknown[] }).quotes).toHaveLength(2);
  });

  it('gives the same words for the same seed, and never more tokens than allowed', async () => {
    const seeded = () =>
      send(`${simulator.openaiUrl}/chat/completions`, ask({ seed: 7 })).then(
        ({ text }) => (JSON.parse(text) as { choices: { message: { content: string } }[] }).choices[0]!.message.content,
      );
    expect(await seeded()).toBe(await seeded());
    const { text } = await send(`${simulator.openaiUrl}/chat/completions`, ask({ max_completion_tokens: 4 }));
    expect(text).toContain('"length"');
    expect(text).toContain('"completion_tokens":4');
  });

  it('has accounts of their own for servers that speak as OpenAI does, and knows no other paths', async () => {
    simulator.account('house').behave({ kind: 'status', code: 500 });
    expect((await send(`${simulator.compatibleUrl('house')}/chat/completions`, ask())).status).toBe(500);
    expect((await send(`${simulator.compatibleUrl('other')}/chat/completions`, ask())).status).toBe(200);
    expect((await send(`${simulator.url}/v2/chat/completions`, ask())).status).toBe(404);
    expect((await send(`${simulator.azureUrl}/openai/deployments/x/chat/completions`, ask())).status).toBe(404);
    expect((await send(`${simulator.openaiUrl}/chat/completions`, { model: 'm' })).status).toBe(400);
  });

  it('transcribes in every form, and lists its models', async () => {
    const transcribe = async (format: string, model = 'whisper-1') => {
      const form = new FormData();
      form.set('file', new Blob([new Uint8Array(32_000)]), 'a.wav');
      form.set('model', model);
      form.set('response_format', format);
      const response = await fetch(`${simulator.openaiUrl}/audio/transcriptions`, { method: 'POST', body: form });
      return { status: response.status, text: await response.text() };
    };
    expect(JSON.parse((await transcribe('verbose_json')).text)).toMatchObject({
      duration: 2,
      segments: [
        { start: 0, end: 1 },
        { start: 1, end: 2 },
      ],
    });
    expect((await transcribe('srt')).text).toContain('00:00:00,000 --> 00:00:01,000');
    expect((await transcribe('vtt')).text).toMatch(/^WEBVTT/);
    expect((await transcribe('text')).status).toBe(200);
    expect((await transcribe('srt', 'gpt-4o-transcribe')).status).toBe(400);
    expect(simulator.invoice()[0]).toMatchObject({
      model: 'whisper-1',
      audioSeconds: 8,
      microUsd: 4 * chargeFor('whisper-1', { inputTokens: 0, outputTokens: 0, audioSeconds: 2 }),
    });
    expect((await fetch(`${simulator.openaiUrl}/models`)).status).toBe(200);
  });

  it('draws from a mixture in a sequence that the seed fixes', async () => {
    const statuses = async () => {
      simulator.account('openai').behave({
        kind: 'mix',
        seed: 3,
        of: [
          { share: 1, behaviour: { kind: 'status', code: 500 } },
          { share: 1, behaviour: { kind: 'healthy' } },
        ],
      });
      const seen = [];
      for (let i = 0; i < 12; i += 1) seen.push((await send(`${simulator.openaiUrl}/chat/completions`, ask())).status);
      return seen;
    };
    const first = await statuses();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await statuses()).toEqual(first);
  });

  it('is told what to do over HTTP, and says what is wrong with what it is told', async () => {
    const put = (path: string, body: unknown) =>
      fetch(`${simulator.url}/_control/${path}`, { method: 'PUT', body: JSON.stringify(body) }).then(async (response) => ({
        status: response.status,
        text: await response.text(),
      }));
    expect((await put('accounts/openai/behaviour?once=true', [{ kind: 'status', code: 503 }])).status).toBe(204);
    expect((await send(`${simulator.openaiUrl}/chat/completions`, ask())).status).toBe(503);
    expect((await send(`${simulator.openaiUrl}/chat/completions`, ask())).status).toBe(200);
    const calls = (await (await fetch(`${simulator.url}/_control/accounts/openai/calls`)).json()) as unknown[];
    expect(calls).toHaveLength(2);
    expect((await (await fetch(`${simulator.url}/_control/invoice`)).json()) as unknown[]).toHaveLength(1);
    const sleepy = await put('accounts/openai/behaviour', [{ kind: 'sleepy' }]);
    expect(sleepy.status).toBe(400);
    expect(sleepy.text).toMatch(/rate_limited.*kind/);
    expect((await put('accounts/openai/behaviour', { kind: 'reset' })).status).toBe(400);
    expect((await put('accounts/openai/limits', { requests: 5 })).status).toBe(400);
    expect((await fetch(`${simulator.url}/_control/reset`, { method: 'POST' })).status).toBe(204);
    expect(simulator.invoice()).toEqual([]);
  });
});
