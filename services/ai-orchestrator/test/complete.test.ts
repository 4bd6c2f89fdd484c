import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aiErrors } from '@quotemaster/contract/ai';
import { commonErrors } from '@quotemaster/errors';
import { scoreQuote } from '@quotemaster/scoring';
import { createFakeClock, waitUntil } from '@quotemaster/testkit';
import { ask, forUser, openHouse } from './support/house.ts';
import type { House } from './support/house.ts';
import { callUsage, createTestProvider } from './support/test-provider.ts';

const provider = createTestProvider();
let house: House;
let ai: ReturnType<House['clientAs']>;

beforeAll(async () => {
  house = await openHouse({ providers: [provider] });
  ai = house.clientAs('quote');
});
afterAll(() => house.stop());
beforeEach(() => provider.answerWith('A river returns.\nAsk the root.'));

const labels = { provider: 'test', model: 'test-1' };
const outcomes = (outcome: string): Promise<number> => house.metric('ai_requests_total', { ...labels, outcome });

describe('Complete', () => {
  it('answers with the quotes, scored against the brief, and where they come from', async () => {
    const { quotes, generation } = await ai.complete(ask(), forUser());
    expect(quotes.map(({ text }) => text)).toEqual(['A river returns.', 'Ask the root.']);
    for (const { text, quality } of quotes) {
      const expected = scoreQuote(text, { prompt: 'patience of rivers', tone: 'serene', language: 'en' });
      expect(quality).toMatchObject({ score: expected.score, parts: expected.parts });
    }
    expect(generation).toMatchObject({ provider: 'test', model: 'test-1', cached: 'none', degraded: false, usage: callUsage });
    expect(generation?.decisionId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('hands the provider the messages, the brief and the bounds', async () => {
    await ai.complete(ask({ model: 'test/test-2', maxOutputTokens: 90, temperature: 0.5, seed: -3n }), forUser({ timeoutMs: 4_000 }));
    const { request, call } = provider.seen[0]!;
    expect(request).toMatchObject({
      model: 'test-2',
      maxOutputTokens: 90,
      temperature: 0.5,
      seed: -3n,
      brief: { prompt: 'patience of rivers', count: 2, tone: 'serene', maxWords: 0 },
    });
    expect(request.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(call.timeoutMs).toBeLessThanOrEqual(4_000);
  });

  it('leaves out what the request does not say', async () => {
    await ai.complete(ask({ model: 'auto' }), forUser());
    expect(provider.seen[0]!.request).toMatchObject({
      model: 'test-1',
      maxOutputTokens: undefined,
      temperature: undefined,
      seed: undefined,
    });
  });

  it('knows no other model, and asks nobody then', async () => {
    await expect(ai.complete(ask({ model: 'test/gone' }), forUser())).rejects.toMatchObject({ code: aiErrors.unknownModel.code });
    expect(provider.seen).toHaveLength(0);
  });

  it.each([
    ['empty', { pieces: [' '] }],
    ['cut off', { pieces: ['A river ret'], finishReason: 'length' as const }],
    ['a refusal', { pieces: ['I’m sorry, but I can’t help with that.'] }],
    ['unreadable', { pieces: ['{"quotes":7}'] }],
  ])('asks once more when the answer is %s, with the next seed, and charges both', async (_kind, bad) => {
    provider.answerWith(bad, 'A river returns.');
    const { quotes, generation } = await ai.complete(ask({ seed: 5n }), forUser());
    expect(quotes.map(({ text }) => text)).toEqual(['A river returns.']);
    expect(provider.seen.map(({ request }) => request.seed)).toEqual([5n, 6n]);
    expect(generation?.usage).toMatchObject({ inputTokens: 60, outputTokens: 24, costMicroUsd: 14n });
  });

  it('leaves out models that can not read so much, and says so when none can', async () => {
    const small = createTestProvider({ contextTokens: 100 });
    const both = await openHouse({ providers: [small, provider] });
    const long = { ...ask(), messages: [{ role: 'user', content: 'river '.repeat(200) }] };
    await both.clientAs('quote').complete(long, forUser());
    expect([small.seen.length, provider.seen.length]).toEqual([0, 1]);
    const alone = both.clientAs('quote').complete({ ...long, model: 'small/test-1' }, forUser());
    await expect(alone).rejects.toMatchObject({ code: aiErrors.promptTooLong.code });
    await both.stop();
  });

  it('gives up after the third unusable answer', async () => {
    const before = await outcomes('empty');
    provider.answerWith('');
    await expect(ai.complete(ask(), forUser())).rejects.toMatchObject({ code: aiErrors.unusableAnswer.code });
    expect(provider.seen).toHaveLength(3);
    expect(await outcomes('empty')).toBe(before + 3);
  });

  it.each(['refusal', 'content_filter'] as const)('asks nobody else when the provider itself says %s', async (finishReason) => {
    provider.answerWith({ pieces: [], finishReason });
    await expect(ai.complete(ask(), forUser())).rejects.toMatchObject({ code: aiErrors.contentRefused.code });
    expect(provider.seen).toHaveLength(1);
  });

  it('does not begin a second call that could not end in time', async () => {
    const clock = createFakeClock(Date.now());
    const complete: typeof provider.complete = (request, call) => {
      clock.advance(6_000);
      return provider.complete(request, call);
    };
    const slow = await openHouse({ providers: [{ ...provider, complete }], clock: { now: Date.now, monotonic: () => clock.monotonic() } });
    provider.answerWith('', 'A river returns.');
    await expect(slow.clientAs('quote').complete(ask(), forUser())).rejects.toMatchObject({ code: aiErrors.unusableAnswer.code });
    expect(provider.seen).toHaveLength(1);
    await slow.stop();
  });

  it('says that no provider answers when it fails, and never what it failed with', async () => {
    const own = await openHouse({ providers: [provider] });
    const complete = () => own.clientAs('quote').complete(ask(), forUser());
    provider.answerWith({ pieces: [], then: 'fail' });
    const failure = complete();
    await expect(failure).rejects.toMatchObject({ code: aiErrors.noProvider.code });
    await expect(failure).rejects.not.toThrow(/secret-key|example/);
    expect(provider.seen).toHaveLength(3);
    expect(await own.metric('ai_service_health', { provider: 'test' })).toBe(0);
    provider.answerWith('A river returns.');
    for (let calls = 0; calls < 5; calls += 1) await complete();
    expect(await own.metric('ai_service_health', { provider: 'test' })).toBe(1);
    await own.stop();
  });

  it('stops the provider when the caller goes away', async () => {
    const before = await outcomes('abandoned');
    provider.answerWith({ pieces: [], then: 'hang' });
    const controller = new AbortController();
    const gone = ai.complete(ask(), forUser({ signal: controller.signal }));
    await waitUntil('the provider is asked', () => provider.seen.length === 1);
    controller.abort();
    await expect(gone).rejects.toThrow();
    await waitUntil('the provider has stopped', () => provider.seen[0]!.ended);
    await waitUntil('it is counted', async () => (await outcomes('abandoned')) === before + 1);
    expect(provider.seen).toHaveLength(1);
  });

  it.each(['hang', 'hang deaf'] as const)('ends at the deadline though the provider does not (%s)', async (then) => {
    const before = await outcomes('late');
    provider.answerWith({ pieces: [], then });
    await expect(ai.complete(ask(), forUser({ timeoutMs: 200 }))).rejects.toMatchObject({ code: commonErrors.deadlineExceeded.code });
    await waitUntil('it is counted', async () => (await outcomes('late')) === before + 1);
  });

  it('is refused to services that have no business here', async () => {
    await expect(house.clientAs('user').complete(ask(), forUser())).rejects.toThrow();
    await expect(house.clientAs('gateway').complete(ask(), forUser())).rejects.toThrow();
    expect(provider.seen).toHaveLength(0);
  });

  it('refuses a request without a brief', async () => {
    const { messages } = ask();
    await expect(ai.complete({ messages }, forUser())).rejects.toMatchObject({ code: commonErrors.invalidRequest.code });
  });

  it('counts and measures what it does, and logs no word of it', async () => {
    const before = await outcomes('ok');
    await ai.complete(ask(), forUser());
    expect(await outcomes('ok')).toBe(before + 1);
    expect(await house.metric('ai_request_duration_seconds_count', labels)).toBeGreaterThan(0);
    expect(await house.metric('ai_quality_score_count', labels)).toBeGreaterThan(1);
    const lines = JSON.stringify(house.log.lines);
    expect(lines).toContain('a provider answered');
    expect(lines).not.toMatch(/river|root|thought/);
  });
});
