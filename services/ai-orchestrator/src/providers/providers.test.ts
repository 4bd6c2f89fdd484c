import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@quotemaster/config';
import { waitUntil } from '@quotemaster/testkit';
import { startProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import type { Behaviour, ProviderSimulator, SimulatedAccount } from '@quotemaster/testkit/provider-simulator';
import { defaultModels, toPrice } from '../ai-config/default-models.ts';
import { createProvider } from './create-provider.ts';
import { ProviderError } from './provider-error.ts';
import type { Provider, ProviderCall, ProviderEvent, ProviderRequest } from './provider.ts';
import { defaultTraffic } from './settings.ts';
import type { ModelSettings, ProviderSettings } from './settings.ts';

let simulator: ProviderSimulator;
beforeAll(async () => {
  simulator = await startProviderSimulator();
});
afterAll(() => simulator.stop());
beforeEach(() => simulator.reset());

const key = new Secret('sk-test');
const chat: ModelSettings = {
  name: 'gpt-6-luna',
  operation: 'chat',
  price: toPrice({ input: 1, output: 2 }),
  maxOutputTokens: 500,
  temperature: true,
  effort: undefined,
};
const base = { apiKey: key, apiVersion: undefined, ...defaultTraffic };

/** Each kind of provider, with the account of the simulator that it calls. */
const kinds: readonly { name: string; account: string; settings: () => ProviderSettings }[] = [
  {
    name: 'openai',
    account: 'openai',
    settings: () => ({ ...base, id: 'openai', kind: 'openai', baseUrl: simulator.openaiUrl, models: defaultModels.openai }),
  },
  {
    name: 'azure',
    account: 'azure',
    settings: () => ({ ...base, id: 'azure', kind: 'azure', baseUrl: simulator.azureUrl, models: [chat] }),
  },
  {
    name: 'compatible',
    account: 'house',
    settings: () => ({ ...base, id: 'house', kind: 'compatible', baseUrl: simulator.compatibleUrl('house'), models: [chat] }),
  },
  {
    name: 'anthropic',
    account: 'anthropic',
    settings: () => ({ ...base, id: 'anthropic', kind: 'anthropic', baseUrl: simulator.anthropicUrl, models: defaultModels.anthropic }),
  },
];

function ask(provider: Provider, more: Partial<ProviderRequest> = {}): ProviderRequest {
  return {
    model: provider.models[0]!.name,
    messages: [
      { role: 'system', content: 'You write quotes.' },
      { role: 'user', content: 'Write 2 quotes, each a different thought.\n<thought>patience</thought>' },
    ],
    brief: { prompt: 'patience', count: 2, tone: '', style: '', theme: '', audience: '', language: 'en', maxWords: 0 },
    maxOutputTokens: undefined,
    temperature: undefined,
    seed: undefined,
    ...more,
  };
}

function within(timeoutMs = 5_000, signal: AbortSignal = AbortSignal.timeout(timeoutMs)): ProviderCall {
  return { signal, timeoutMs };
}

async function read(events: AsyncIterable<ProviderEvent>): Promise<ProviderEvent[]> {
  const seen: ProviderEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

describe.each(kinds)('the provider $name', ({ name, account: accountName, settings }) => {
  let provider: Provider;
  let account: SimulatedAccount;
  beforeEach(() => {
    provider = createProvider(settings());
    account = simulator.account(accountName);
  });
  const complete = (more?: Partial<ProviderRequest>, call = within()) => provider.complete!(ask(provider, more), call);
  const stream = (more?: Partial<ProviderRequest>, call = within()) => provider.stream!(ask(provider, more), call);
  const failureOf = async (work: Promise<unknown>): Promise<ProviderError> => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ProviderError);
    return error as ProviderError;
  };

  it('answers whole, with what it consumed and what that costs', async () => {
    const answer = await complete();
    expect(answer.text.trim().split('\n')).toHaveLength(2);
    expect(answer.finishReason).toBe('stop');
    const [call] = account.calls;
    expect(answer.usage).toMatchObject({ inputTokens: call!.inputTokens, outputTokens: call!.outputTokens });
    expect(answer.usage.costMicroUsd).toBeGreaterThan(0n);
    expect(answer.usage.estimated).toBeUndefined();
  });

  it('streams the same way: pieces that put together are the text of the whole', async () => {
    const events = await read(stream());
    const text = events.map((event) => (event.kind === 'text' ? event.text : '')).join('');
    const last = events.at(-1)!;
    expect(events.length).toBeGreaterThan(2);
    expect(last).toMatchObject({ kind: 'done', answer: { text, finishReason: 'stop' } });
    const [call] = account.calls;
    expect(last).toMatchObject({ answer: { usage: { inputTokens: call!.inputTokens, outputTokens: call!.outputTokens } } });
  });

  it('estimates from above what it was not told', async () => {
    account.behave({ kind: 'no_usage' });
    const { usage } = await complete();
    const [call] = account.calls;
    expect(usage.estimated).toBe(true);
    expect(usage.inputTokens).toBeGreaterThanOrEqual(call!.inputTokens);
    expect(usage.outputTokens).toBeGreaterThanOrEqual(call!.outputTokens);
  });

  it.each<[string, Behaviour, string]>([
    ['a limit', { kind: 'rate_limited', retryAfter: { seconds: 7 } }, 'quota'],
    ['a server’s error', { kind: 'status', code: 500 }, 'transient'],
    ['a server in need of a pause', { kind: 'status', code: 503 }, 'transient'],
    ['overload', { kind: 'overloaded' }, 'transient'],
    ['a key that is not known', { kind: 'status', code: 401 }, 'auth'],
    ['a permission that is missing', { kind: 'status', code: 403 }, 'auth'],
    ['a model that is not there', { kind: 'status', code: 404 }, 'auth'],
    ['a connection that breaks', { kind: 'reset' }, 'transient'],
    ['what is no JSON', { kind: 'wrong_json' }, 'transient'],
    ['a prompt that is too long', { kind: 'context_too_long' }, 'caller'],
    ['a request that it does not take', { kind: 'invalid_request' }, 'caller'],
  ])('tells %s for what it is', async (_, behaviour, kind) => {
    account.behave(behaviour);
    const whole = await failureOf(complete());
    expect(whole.kind).toBe(kind);
    expect(whole.tooLong).toBe(behaviour.kind === 'context_too_long');
    expect((await failureOf(read(stream()))).kind).toBe(kind);
    // The SDK's own retries are off: one place decides.
    expect(account.calls).toHaveLength(2);
  });

  it.each<[string, Behaviour, number]>([
    ['seconds', { kind: 'rate_limited', retryAfter: { seconds: 7 } }, 7_000],
    ['a date', { kind: 'rate_limited', retryAfter: { date: new Date(Date.now() + 60_000) } }, 60_000],
  ])('says how long to wait after a limit, told in %s', async (_, behaviour, expectedMs) => {
    account.behave(behaviour);
    const { retryAfterMs } = await failureOf(complete());
    expect(Math.abs(retryAfterMs! - expectedMs)).toBeLessThan(5_000);
  });

  it('says why an answer ended', async () => {
    account.behave({ kind: 'truncated' });
    expect((await complete()).finishReason).toBe('length');
    expect((await read(stream())).at(-1)).toMatchObject({ answer: { finishReason: 'length' } });
    account.behave({ kind: 'content_filter' });
    expect(['content_filter', 'refusal']).toContain((await complete()).finishReason);
    account.behave({ kind: 'empty' });
    expect((await complete()).text).toBe('');
  });

  it.each<[string, Behaviour]>([
    ['is cut', { kind: 'cut_stream', afterChunks: 3 }],
    ['holds what can not be read', { kind: 'bad_chunk' }],
    ['brings an error', { kind: 'error_in_stream' }],
  ])('fails when its stream %s, and never ends it as if it were whole', async (_, behaviour) => {
    account.behave(behaviour);
    const events: ProviderEvent[] = [];
    const failure = await failureOf(
      (async () => {
        for await (const event of stream()) events.push(event);
      })(),
    );
    expect(failure.kind).toBe('transient');
    expect(events.every((event) => event.kind === 'text')).toBe(true);
  });

  it.each<[string, Behaviour]>([
    ['says nothing', { kind: 'silence' }],
    ['stops in the middle', { kind: 'stall', afterChunks: 2 }],
  ])('closes the connection to a server that %s when nobody waits any more, and says the signal’s reason', async (_, behaviour) => {
    account.behave(behaviour);
    const controller = new AbortController();
    const reason = new Error('nobody waits');
    const work = read(stream({}, within(10_000, controller.signal)));
    work.catch(() => undefined);
    await waitUntil('the provider is asked', () => account.openCalls === 1);
    controller.abort(reason);
    await expect(work).rejects.toBe(reason);
    await waitUntil('its connection is closed', () => account.openCalls === 0);
  });

  it('sends its key, the bound of tokens and no more than it must', async () => {
    await complete({ maxOutputTokens: 77, seed: 5n, temperature: 0.5 });
    expect(account.calls).toHaveLength(1);
    expect(provider.id).toBe(name === 'compatible' ? 'house' : name);
  });
});

describe('embeddings and transcriptions', () => {
  const settings = (): ProviderSettings => ({
    ...base,
    id: 'openai',
    kind: 'openai',
    baseUrl: simulator.openaiUrl,
    models: [
      { name: 'text-embedding-3-small', operation: 'embedding', price: toPrice({ input: 0.02 }) },
      { name: 'whisper-1', operation: 'transcription', price: toPrice({ minute: 0.006 }), segments: true },
      { name: 'gpt-4o-transcribe', operation: 'transcription', price: toPrice({ input: 2.5, output: 10 }), segments: false },
    ],
  });

  it('has the operations of its models alone', () => {
    const provider = createProvider(settings());
    expect(provider.complete).toBeUndefined();
    expect(provider.embed).toBeDefined();
  });

  it('gives one vector a text, in their order', async () => {
    const provider = createProvider(settings());
    const request = (texts: string[]) => provider.embed!({ model: 'text-embedding-3-small', texts }, within());
    const { vectors, usage } = await request(['a river', 'a stone', 'a river']);
    expect(vectors).toHaveLength(3);
    expect(vectors[0]).toEqual(vectors[2]);
    expect(vectors[0]).not.toEqual(vectors[1]);
    expect(usage.inputTokens).toBeGreaterThan(0);
  });

  it('puts a recording into words, with times where the model tells them', async () => {
    const provider = createProvider(settings());
    const audio = new Uint8Array(4_000).fill(7);
    const request = (model: string) => provider.transcribe!({ model, audio, contentType: 'audio/mpeg', language: 'en' }, within());
    const timed = await request('whisper-1');
    expect(timed.text).not.toBe('');
    expect(timed.segments.length).toBeGreaterThan(0);
    expect(timed.segments[0]!.endSeconds).toBeGreaterThan(timed.segments[0]!.startSeconds);
    const untimed = await request('gpt-4o-transcribe');
    expect(untimed).toMatchObject({ segments: [] });
    expect(untimed.text).not.toBe('');
  });

  it('tells failures of both for what they are', async () => {
    const provider = createProvider(settings());
    simulator.account('openai').behave({ kind: 'rate_limited', retryAfter: { seconds: 3 } });
    await expect(provider.embed!({ model: 'text-embedding-3-small', texts: ['a'] }, within())).rejects.toMatchObject({ kind: 'quota' });
    await expect(
      provider.transcribe!({ model: 'whisper-1', audio: new Uint8Array(10), contentType: 'audio/wav', language: undefined }, within()),
    ).rejects.toMatchObject({ kind: 'quota', retryAfterMs: 3_000 });
  });
});

describe('a server without a key', () => {
  it('is sent none', async () => {
    const provider = createProvider({
      id: 'house',
      kind: 'compatible',
      baseUrl: simulator.compatibleUrl('house'),
      apiKey: undefined,
      apiVersion: undefined,
      ...defaultTraffic,
      models: [chat],
    });
    await expect(provider.complete!(ask(provider), within())).resolves.toMatchObject({ finishReason: 'stop' });
  });
});
