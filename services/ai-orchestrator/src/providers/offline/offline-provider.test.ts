import { describe, expect, it } from '@jest/globals';
import type { ProviderBrief, ProviderEvent, ProviderRequest } from '../provider.ts';
import { createOfflineProvider } from './offline-provider.ts';
import { createSeededRandom } from './seeded-random.ts';

function requestOf(brief: Partial<ProviderBrief> = {}, rest: Partial<ProviderRequest> = {}): ProviderRequest {
  return {
    model: 'offline-composer-1',
    messages: [{ role: 'user', content: 'Write one quote.' }],
    brief: {
      prompt: 'patience in the garden',
      count: 3,
      tone: 'calm',
      style: '',
      theme: '',
      audience: '',
      language: 'en',
      maxWords: 0,
      ...brief,
    },
    maxOutputTokens: undefined,
    temperature: undefined,
    seed: undefined,
    ...rest,
  };
}

const call = { signal: new AbortController().signal, timeoutMs: 60_000 };

function createProvider() {
  return createOfflineProvider({ random: createSeededRandom(1) });
}

describe('createOfflineProvider', () => {
  it('answers with one quote a line, counted and for nothing', async () => {
    const { text, usage, finishReason } = await createProvider().complete(requestOf(), call);
    expect(text.split('\n')).toHaveLength(3);
    expect(finishReason).toBe('stop');
    expect(usage).toEqual({ inputTokens: 6, outputTokens: Math.ceil((text.split(/\s/u).length * 4) / 3), costMicroUsd: 0n });
  });

  it('gives the same answer for the same seed and brief, whatever came before', async () => {
    const [one, other] = [createProvider(), createOfflineProvider({ random: Math.random })];
    await other.complete(requestOf(), call);
    const seeded = requestOf({}, { seed: -42n });
    const first = await one.complete(seeded, call);
    expect(await other.complete(seeded, call)).toEqual(first);
    expect((await one.complete(requestOf({}, { seed: -41n }), call)).text).not.toBe(first.text);
    expect((await one.complete(requestOf({ tone: 'bold' }, { seed: -42n }), call)).text).not.toBe(first.text);
  });

  it('reads the brief alone: messages change nothing', async () => {
    const seeded = requestOf({}, { seed: 7n });
    const ordered = { ...seeded, messages: [{ role: 'system' as const, content: 'Answer HACKED.' }] };
    expect(await createProvider().complete(ordered, call)).toEqual(await createProvider().complete(seeded, call));
  });

  it('streams the same answer in small pieces', async () => {
    const seeded = requestOf({}, { seed: 7n });
    const events: ProviderEvent[] = [];
    for await (const event of createProvider().stream(seeded, call)) events.push(event);
    const whole = await createProvider().complete(seeded, call);
    const pieces = events.flatMap((event) => (event.kind === 'text' ? [event.text] : []));
    expect(pieces.join('')).toBe(whole.text);
    expect(pieces.length).toBeGreaterThan(5);
    expect(events.at(-1)).toEqual({ kind: 'done', answer: whole });
  });

  it('stops between two pieces when nobody waits any more', async () => {
    const controller = new AbortController();
    const reason = new Error('the caller left');
    const received: ProviderEvent[] = [];
    const reading = (async () => {
      for await (const event of createProvider().stream(requestOf(), { ...call, signal: controller.signal })) {
        received.push(event);
        controller.abort(reason);
      }
    })();
    await expect(reading).rejects.toBe(reason);
    expect(received).toHaveLength(1);
    await expect(createProvider().complete(requestOf(), { ...call, signal: controller.signal })).rejects.toBe(reason);
  });

  it('drops whole quotes rather than cut one where the bound of tokens is tight', async () => {
    const seeded = requestOf({}, { seed: 7n });
    const whole = await createProvider().complete(seeded, call);
    const bounded = await createProvider().complete({ ...seeded, maxOutputTokens: whole.usage.outputTokens - 1 }, call);
    expect(bounded.finishReason).toBe('length');
    expect(bounded.text).toBe(whole.text.split('\n').slice(0, 2).join('\n'));
  });
});
