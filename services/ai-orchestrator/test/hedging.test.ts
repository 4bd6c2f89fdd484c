import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import type { CompleteResponse } from '@quotemaster/contract/ai';
import { waitUntil } from '@quotemaster/testkit';
import { startProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import type { ProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import { writeAiConfig } from './support/ai-config-file.ts';
import { ask, forUser, openHouse } from './support/house.ts';
import type { House } from './support/house.ts';

let folder: string;
let simulator: ProviderSimulator;
let house: House;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ai-hedge-'));
  simulator = await startProviderSimulator();
});
afterAll(async () => {
  await simulator.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  simulator.reset();
  const file = join(folder, 'ai.json');
  writeAiConfig(file, simulator, [{ id: 'a' }, { id: 'b' }]);
  house = await openHouse({ env: { QM_AI_CONFIG: file }, ai: { hedging: { share: 0.05, burst: 2 }, selection: equal } });
});
afterEach(() => house.stop());

/** Latency and success don't count: the first of equals is asked first, however slow it is. */
const equal = { weights: { latency: 0, success: 0, cost: 1, breaker: 0, quota: 0 } };
const complete = () => house.clientAs('quote').complete(ask(), forUser());
const calls = (account: string): number => simulator.account(account).calls.filter(({ operation }) => operation === 'chat').length;

async function stream(): Promise<CompleteResponse | undefined> {
  let done: CompleteResponse | undefined;
  for await (const { event } of house.clientAs('quote').streamComplete({ request: ask() }, forUser()))
    if (event.case === 'done') done = event.value;
  return done;
}

/** Makes enough calls for a p95 to be known, and for one extra call to be earned. */
async function warmUp(call: () => Promise<unknown>, times = 40): Promise<void> {
  for (let index = 0; index < times; index += 1) await call();
}

describe('hedging', () => {
  it.each([
    ['a whole answer', complete],
    ['a stream', stream],
  ])('gets %s from another provider when the first is slower than its p95, and gives the first up', async (_, call) => {
    await warmUp(call);
    simulator.account('a').behave({ kind: 'silence' });
    const startedAt = performance.now();
    const answer = await call();
    expect(answer?.generation?.provider).toBe('b');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await waitUntil('the slow call is given up', () => simulator.account('a').openCalls === 0, { timeoutMs: 200, intervalMs: 2 });
    expect(calls('b')).toBe(1);
    expect(await house.metric('ai_hedges_total', { provider: 'b', outcome: 'ok' })).toBe(1);
    expect(await house.metric('ai_requests_total', { provider: 'a', outcome: 'lost' })).toBe(1);
    // The loser may have worked: it is charged at the most that it can cost.
    expect(answer?.generation?.usage?.outputTokens).toBeGreaterThanOrEqual(64);
  });

  it('makes at most one extra call in twenty, and none once the budget is spent', async () => {
    await warmUp(complete);
    simulator.account('a').behave({ kind: 'healthy', latencyMs: 250 });
    await Promise.all(Array.from({ length: 10 }, complete));
    // 40 calls have earned two, and ten more half of one.
    expect(calls('b')).toBe(2);
  });

  it('waits for the slow one when the second fails', async () => {
    await warmUp(complete);
    simulator.account('a').behave({ kind: 'healthy', latencyMs: 300 });
    simulator.account('b').behave({ kind: 'status', code: 500 });
    expect((await complete()).generation?.provider).toBe('a');
    expect(calls('b')).toBe(1);
  });

  it('makes no extra call where the other has hardly anything left of its limits', async () => {
    simulator.account('b').limit({ requestsPerMinute: 100 });
    const asB = () => house.clientAs('quote').complete(ask({ model: 'b/gpt-6-luna' }), forUser());
    for (let index = 0; index < 95; index += 1) await asB();
    await warmUp(complete);
    simulator.account('a').behave({ kind: 'healthy', latencyMs: 250 });
    expect((await complete()).generation?.provider).toBe('a');
    expect(calls('b')).toBe(95);
  });

  it('does not tell a word of the loser', async () => {
    await warmUp(stream);
    simulator.account('a').behave({ kind: 'slow_first_token', ms: 150 });
    simulator.account('b').behave({ kind: 'healthy', text: 'Only these words are told.\nAnd these.', tokenDelayMs: 60 });
    let text = '';
    for await (const { event } of house.clientAs('quote').streamComplete({ request: ask() }, forUser())) {
      if (event.case === 'delta') text += event.value.text;
    }
    expect(text).toBe('Only these words are told.And these.');
  });
});
