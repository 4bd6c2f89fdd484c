import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@quotemaster/testkit';
import { startProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import type { ProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import { startStandalone } from '../src/index.ts';
import type { Standalone } from '../src/index.ts';
import { register } from './api.ts';
import type { Api } from './api.ts';

/** What the mission allows from a caller's hanging up to the close of the provider's connection. */
const closeMaxMs = 200;

describe('a caller who hangs up', () => {
  let dataDir: string;
  let simulator: ProviderSimulator;
  let system: Standalone;
  let ada: Api;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'qm-hang-up-'));
    simulator = await startProviderSimulator();
    const env = { QM_DATA_DIR: dataDir, QM_HTTP_PORT: '0', QM_ADMIN_PORT: '0', OPENAI_BASE_URL: simulator.openaiUrl };
    system = await startStandalone(env, () => undefined);
    ada = await register(system.url, 'ada@example.org');
  }, 60_000);
  beforeEach(() => simulator.reset());
  afterAll(async () => {
    await system.stop();
    await simulator.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Sends a generation, hangs up once `begun`, and gives the time until the provider had no open call. */
  async function hangUp(accept: string, begun: (response: Promise<Response>) => Promise<unknown>): Promise<number> {
    const account = simulator.account('openai');
    const controller = new AbortController();
    const response = fetch(`${system.url}/v1/quotes/generate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada.accessToken}`, 'content-type': 'application/json', accept },
      body: JSON.stringify({ prompt: 'a slow river' }),
      signal: controller.signal,
    });
    response.catch(() => undefined);
    await begun(response);
    expect(account.openCalls).toBe(1);
    const leftAt = performance.now();
    controller.abort();
    await waitUntil('the provider has no open call', () => account.openCalls === 0, { intervalMs: 2 });
    return performance.now() - leftAt;
  }

  it('closes the provider’s connection within 200 ms while the model thinks', async () => {
    const account = simulator.account('openai');
    account.behave({ kind: 'silence' });
    const closedMs = await hangUp('application/json', () => waitUntil('the provider is asked', () => account.openCalls === 1));
    expect(closedMs).toBeLessThan(closeMaxMs);
    expect(account.calls).toHaveLength(1);
  });

  it('closes it within 200 ms in the middle of a stream', async () => {
    const account = simulator.account('openai');
    account.behave({ kind: 'stall', afterChunks: 3 });
    const closedMs = await hangUp('text/event-stream', async (response) => {
      const { body } = await response;
      await body?.getReader().read();
    });
    expect(closedMs).toBeLessThan(closeMaxMs);
  });
});
