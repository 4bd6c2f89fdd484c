import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import type { ProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import { writeAiConfig } from './support/ai-config-file.ts';
import { ask, forUser, openHouse } from './support/house.ts';
import type { House } from './support/house.ts';

let folder: string;
let simulator: ProviderSimulator;
let house: House;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ai-long-'));
  simulator = await startProviderSimulator();
  const file = join(folder, 'ai.json');
  writeAiConfig(file, simulator, [{ id: 'a' }]);
  house = await openHouse({ env: { QM_AI_CONFIG: file }, ai: { attempts: { timeoutMs: 400, firstTokenMs: 300, stallMs: 300 } } });
});
afterAll(async () => {
  await house.stop();
  await simulator.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a stream that has begun', () => {
  it('may take longer than a call may be silent', async () => {
    const text = `A river ${'and a river '.repeat(5)}returns.`;
    simulator.account('a').behave({ kind: 'healthy', tokenDelayMs: 60, text });
    const startedAt = performance.now();
    let last: string | undefined;
    for await (const { event } of house.clientAs('quote').streamComplete({ request: ask() }, forUser())) last = event.case;
    expect(last).toBe('done');
    expect(performance.now() - startedAt).toBeGreaterThan(500);
    expect(await house.metric('ai_requests_total', { provider: 'a', outcome: 'ok' })).toBe(1);
  });

  it('ends with its request, and that is not held against a provider which kept speaking', async () => {
    simulator.account('a').behave({ kind: 'healthy', tokenDelayMs: 60, text: 'and a river '.repeat(200) });
    const read = (async () => {
      const events: string[] = [];
      for await (const { event } of house.clientAs('quote').streamComplete({ request: ask() }, forUser({ timeoutMs: 900 })))
        events.push(event.case ?? '');
      return events;
    })();
    await expect(read).rejects.toMatchObject({ code: 'ai.answer_cut' });
    expect(await house.metric('ai_requests_total', { provider: 'a', outcome: 'timeout' })).toBe(0);
    expect(await house.metric('ai_requests_total', { provider: 'a', outcome: 'late' })).toBe(1);
  });
});
