import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aiErrors } from '@quotemaster/contract/ai';
import type { CompleteResponse, StreamCompleteResponse } from '@quotemaster/contract/ai';
import { waitUntil } from '@quotemaster/testkit';
import { ask, forUser, openHouse } from './support/house.ts';
import type { House } from './support/house.ts';
import { createTestProvider } from './support/test-provider.ts';

const provider = createTestProvider();
let house: House;
let ai: ReturnType<House['clientAs']>;

beforeAll(async () => {
  house = await openHouse({ providers: [provider] });
  ai = house.clientAs('quote');
});
afterAll(() => house.stop());

const stream = (more: Parameters<typeof forUser>[0] = {}): AsyncIterable<StreamCompleteResponse> =>
  ai.streamComplete({ request: ask() }, forUser(more));

/** Reads a stream to its end: the texts that its deltas make up, and its last event. */
async function read(
  events: AsyncIterable<StreamCompleteResponse>,
): Promise<{ texts: string[]; done: CompleteResponse | undefined; kinds: string[] }> {
  const texts: string[] = [];
  const kinds: string[] = [];
  let done: CompleteResponse | undefined;
  for await (const { event } of events) {
    kinds.push(event.case ?? 'none');
    if (event.case === 'delta') texts[event.value.index] = (texts[event.value.index] ?? '') + event.value.text;
    if (event.case === 'done') done = event.value;
  }
  return { texts, done, kinds };
}

describe('StreamComplete', () => {
  it('tells the words as they are written, then the whole, scored', async () => {
    provider.answerWith({ pieces: ['A river ', 'returns.\nAs', 'k the root.', '\n'] });
    const { texts, done, kinds } = await read(stream());
    expect(texts).toEqual(['A river returns.', 'Ask the root.']);
    expect(done?.quotes.map(({ text }) => text)).toEqual(texts);
    expect(done?.quotes[0]?.quality?.score).toBeGreaterThan(0);
    expect(done?.generation).toMatchObject({ provider: 'test', model: 'test-1', usage: { outputTokens: 12 } });
    expect(kinds.indexOf('done')).toBe(kinds.length - 1);
  });

  it('gives a delta before the provider has ended', async () => {
    provider.answerWith({ pieces: ['A river returns'], then: 'hang' });
    const events = stream()[Symbol.asyncIterator]();
    const first = await events.next();
    expect(first.value?.event).toMatchObject({ case: 'delta', value: { index: 0, text: 'A river returns' } });
    expect(provider.seen[0]!.ended).toBe(false);
    await events.return?.();
    await waitUntil('the provider has stopped', () => provider.seen[0]!.ended);
  });

  it('brings an answer longer than what may wait, in order', async () => {
    const words = Array.from({ length: 300 }, (_, index) => `w${String(index)} `);
    provider.answerWith({ pieces: ['Now ', ...words, 'ends.'] });
    const { texts, done } = await read(stream());
    expect(texts[0]).toBe(`Now ${words.join('')}ends.`);
    expect(done?.quotes[0]?.text).toBe(texts[0]);
  });

  it('asks again for an unusable answer of which nothing was told', async () => {
    provider.answerWith({ pieces: [] }, 'A river returns.');
    expect((await read(stream())).texts).toEqual(['A river returns.']);
    expect(provider.seen).toHaveLength(2);
  });

  it('does not ask again once words were told', async () => {
    provider.answerWith({ pieces: ['A river ret'], finishReason: 'length' });
    await expect(read(stream())).rejects.toMatchObject({ code: aiErrors.answerCut.code });
    expect(provider.seen).toHaveLength(1);
  });

  it.each(['fail', 'no end'] as const)('fails when the provider does after some words, and says what was used (%s)', async (then) => {
    provider.answerWith({ pieces: ['A river returns.\n'], then });
    await expect(read(stream())).rejects.toMatchObject({
      code: aiErrors.answerCut.code,
      metadata: { output_tokens: expect.stringMatching(/^[1-9]/) as unknown },
    });
    expect(provider.seen).toHaveLength(1);
  });

  it('stops the provider when the caller cancels', async () => {
    provider.answerWith({ pieces: ['A river'], then: 'hang' });
    const controller = new AbortController();
    const gone = read(stream({ signal: controller.signal }));
    await waitUntil('the provider is asked', () => provider.seen.length === 1);
    controller.abort();
    await expect(gone).rejects.toThrow();
    await waitUntil('the provider has stopped', () => provider.seen[0]!.ended);
  });

  it('refuses an unknown model and a service that has no business here', async () => {
    await expect(read(ai.streamComplete({ request: ask({ model: 'test/gone' }) }, forUser()))).rejects.toMatchObject({
      code: aiErrors.unknownModel.code,
    });
    await expect(read(house.clientAs('user').streamComplete({ request: ask() }, forUser()))).rejects.toThrow();
  });
});
