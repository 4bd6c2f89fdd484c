import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aiErrors } from '@quotemaster/contract/ai';
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
  folder = await mkdtemp(join(tmpdir(), 'ai-overload-'));
  simulator = await startProviderSimulator();
});
afterEach(async () => {
  simulator.reset();
  await house.stop();
});
afterAll(async () => {
  await simulator.stop();
  await rm(folder, { recursive: true, force: true });
});

async function open(providers: Parameters<typeof writeAiConfig>[2]): Promise<void> {
  const file = join(folder, 'ai.json');
  writeAiConfig(file, simulator, providers);
  house = await openHouse({ env: { QM_AI_CONFIG: file } });
}
const complete = (timeoutMs = 10_000) => house.clientAs('quote').complete(ask(), forUser({ timeoutMs }));

describe('overload', () => {
  it('a provider has no more calls at once than its bound; some wait, and the rest are told at once', async () => {
    await open([{ id: 'a', inFlightMax: 3, queueMax: 4 }]);
    const account = simulator.account('a');
    account.behave({ kind: 'healthy', latencyMs: 300 });
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, account.openCalls);
    }, 5);
    const startedAt = performance.now();
    const ends = await Promise.allSettled(
      Array.from({ length: 12 }, async () => {
        try {
          return await complete();
        } catch (error) {
          throw Object.assign(error as Error, { tookMs: performance.now() - startedAt });
        }
      }),
    );
    clearInterval(watch);
    const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as { code: string; tookMs: number }] : []));
    expect(ends.length - refused.length).toBe(7);
    expect(refused.map(({ code }) => code)).toEqual(Array.from({ length: 5 }, () => aiErrors.overloaded.code));
    for (const { tookMs } of refused) expect(tookMs).toBeLessThan(250);
    expect(most).toBe(3);
  });

  it('who would get a slot too late to be answered in time is told so, and does not wait for it', async () => {
    await open([{ id: 'a', inFlightMax: 1, queueMax: 10 }]);
    simulator.account('a').behave({ kind: 'healthy', latencyMs: 800 });
    const first = complete();
    await waitUntil('the first call is under way', () => simulator.account('a').openCalls === 1);
    const startedAt = performance.now();
    await expect(complete(600)).rejects.toMatchObject({ code: aiErrors.overloaded.code });
    expect(performance.now() - startedAt).toBeLessThan(560);
    await first;
    expect(simulator.account('a').calls).toHaveLength(1);
  });

  it('goes to another provider while the first is busy', async () => {
    await open([{ id: 'a', inFlightMax: 1 }, { id: 'b' }]);
    for (const account of ['a', 'b']) simulator.account(account).behave({ kind: 'healthy', latencyMs: 200 });
    const answers = await Promise.all([complete(), complete(), complete()]);
    expect(answers.map(({ generation }) => generation?.provider).toSorted()).toEqual(['a', 'b', 'b']);
  });

  it('goes to the line that has room while that of another is full', async () => {
    await open([
      { id: 'a', inFlightMax: 1, queueMax: 1 },
      { id: 'b', inFlightMax: 1, queueMax: 8 },
    ]);
    for (const account of ['a', 'b']) simulator.account(account).behave({ kind: 'healthy', latencyMs: 50 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => complete()));
    expect(answers).toHaveLength(8);
  });
});
