import { afterEach, beforeAll, afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aiErrors } from '@quotemaster/contract/ai';
import { createRedisTwin } from '@quotemaster/redis';
import { createFakeClock } from '@quotemaster/testkit';
import { startProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import type { Behaviour, ProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import { ask, forUser, openHouse } from './support/house.ts';
import type { House } from './support/house.ts';

const breaker = { failures: 5, windowMs: 60_000, openMs: 30_000 };
const attempts = { max: 3, timeoutMs: 1_000 };

let simulator: ProviderSimulator;
let house: House;
const clock = createFakeClock(Date.now());
// Deadlines are by the wall clock; all that waits is turned by hand.
const mixed = { now: Date.now, monotonic: () => clock.monotonic() };

beforeAll(async () => {
  simulator = await startProviderSimulator();
});
afterAll(() => simulator.stop());
beforeEach(() => simulator.reset());
afterEach(() => house.stop());

/** Opens the service with OpenAI and Anthropic, both at the simulator; the first of equals is OpenAI. */
async function open(only: 'both' | 'openai' = 'both'): Promise<void> {
  const env = {
    OPENAI_BASE_URL: simulator.openaiUrl,
    ...(only === 'both' ? { ANTHROPIC_BASE_URL: simulator.anthropicUrl } : {}),
  };
  house = await openHouse({ env, ai: { breaker, attempts }, clock: mixed, redis: createRedisTwin({ clock: mixed }) });
}

const complete = () => house.clientAs('quote').complete(ask(), forUser());
const callsOf = (account: string): number => simulator.account(account).calls.length;

describe('failover', () => {
  it.each<Behaviour>([
    { kind: 'status', code: 500 },
    { kind: 'status', code: 503 },
    { kind: 'status', code: 401 },
    { kind: 'rate_limited', retryAfter: { seconds: 30 } },
    { kind: 'reset' },
    { kind: 'silence' },
    { kind: 'wrong_json' },
    { kind: 'empty' },
  ])('asks the other provider once after $kind', async (behaviour) => {
    await open();
    simulator.account('openai').behave(behaviour);
    const { quotes, generation } = await complete();
    expect(quotes).toHaveLength(2);
    expect(generation?.provider).toBe('anthropic');
    expect([callsOf('openai'), callsOf('anthropic')]).toEqual([1, 1]);
  });

  it.each<[Behaviour, string]>([
    [{ kind: 'context_too_long' }, aiErrors.promptTooLong.code],
    [{ kind: 'invalid_request' }, aiErrors.requestRefused.code],
    [{ kind: 'content_filter' }, aiErrors.contentRefused.code],
  ])('asks nobody else after %j, and says why', async (behaviour, code) => {
    await open();
    simulator.account('openai').behave(behaviour);
    await expect(complete()).rejects.toMatchObject({ code });
    expect([callsOf('openai'), callsOf('anthropic')]).toEqual([1, 0]);
  });

  it('makes at most three calls when all fail, and says that nobody can answer', async () => {
    await open();
    for (const account of ['openai', 'anthropic']) simulator.account(account).behave({ kind: 'status', code: 500 });
    await expect(complete()).rejects.toMatchObject({ code: aiErrors.noProvider.code });
    expect(callsOf('openai') + callsOf('anthropic')).toBe(3);
  });

  it('asks the same provider again where it is the only one, and takes the first good answer', async () => {
    await open('openai');
    simulator.account('openai').behaveOnce({ kind: 'status', code: 500 }, { kind: 'empty' });
    await expect(complete()).resolves.toMatchObject({ generation: { provider: 'openai' } });
    expect(callsOf('openai')).toBe(3);
  });

  it('leaves a provider alone for as long as it asks after a limit, without asking it', async () => {
    await open('openai');
    simulator.account('openai').behaveOnce({ kind: 'rate_limited', retryAfter: { seconds: 20 } });
    await expect(complete()).rejects.toMatchObject({ code: aiErrors.noProvider.code, retryAfterMs: 20_000 });
    clock.advance(14_000);
    await expect(complete()).rejects.toMatchObject({ code: aiErrors.noProvider.code });
    expect(callsOf('openai')).toBe(1);
    clock.advance(6_001);
    await expect(complete()).resolves.toMatchObject({ generation: { provider: 'openai' } });
  });

  it('charges what every call of a request consumed', async () => {
    await open();
    simulator.account('openai').behaveOnce({ kind: 'empty' });
    const { generation } = await complete();
    const calls = [...simulator.account('openai').calls, ...simulator.account('anthropic').calls];
    expect(generation?.usage?.inputTokens).toBe(calls.reduce((sum, { inputTokens }) => sum + inputTokens, 0));
  });
});

describe('the breaker', () => {
  const state = () => house.metric('ai_breaker_state', { provider: 'openai', model: 'gpt-6-luna' });

  it('opens after five failures, spares the provider for 30 s, and lets one trial decide', async () => {
    await open();
    simulator.account('openai').behave({ kind: 'status', code: 500 });
    // A provider that failed is chosen less; naming it asks it all the same.
    const asOpenai = () => house.clientAs('quote').complete(ask({ model: 'openai/gpt-6-luna' }), forUser());
    while ((await state()) !== 2) await expect(asOpenai()).rejects.toMatchObject({ code: aiErrors.noProvider.code });
    expect(callsOf('openai')).toBe(5);

    await expect(asOpenai()).rejects.toMatchObject({ code: aiErrors.noProvider.code, retryAfterMs: 30_000 });
    await expect(complete()).resolves.toMatchObject({ generation: { provider: 'anthropic' } });
    expect(callsOf('openai')).toBe(5);

    clock.advance(30_000);
    await expect(asOpenai()).rejects.toMatchObject({ code: aiErrors.noProvider.code });
    expect(callsOf('openai')).toBe(6);
    expect(await state()).toBe(2);

    // The trial has failed: twice as long as before.
    clock.advance(59_999);
    await expect(asOpenai()).rejects.toMatchObject({ code: aiErrors.noProvider.code });
    expect(callsOf('openai')).toBe(6);
    simulator.account('openai').behave();
    clock.advance(1);
    const calls = await Promise.allSettled(Array.from({ length: 8 }, asOpenai));
    expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await state()).toBe(0);
    expect(callsOf('openai')).toBe(7);
  });

  it('is not moved by callers’ faults and content filters', async () => {
    await open('openai');
    for (const behaviour of [{ kind: 'context_too_long' }, { kind: 'content_filter' }] as const) {
      simulator.account('openai').behave(behaviour);
      for (let i = 0; i < 6; i += 1) await expect(complete()).rejects.toThrow();
    }
    simulator.account('openai').behave();
    await expect(complete()).resolves.toMatchObject({ generation: { provider: 'openai' } });
  });
});
