import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startNodeProcess } from '@quotemaster/testkit/node-process';
import { waitUntil } from '@quotemaster/testkit';
import { openHouse, ask, forUser } from './support/house.ts';
import type { House } from './support/house.ts';
import { createTestProvider } from './support/test-provider.ts';

let house: House;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ai-replay-'));
  const provider = createTestProvider();
  provider.answerWith('A river returns.');
  house = await openHouse({ providers: [provider] });
});
afterAll(async () => {
  await house.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function replay(...args: string[]): Promise<{ code: number | null; output: string }> {
  const env = { QM_DATA_DIR: dataDir, DATABASE_URL_AI: house.databaseUrl };
  const process = startNodeProcess({ script: 'services/ai-orchestrator/src/main.ts', args: ['replay', ...args], env });
  return { code: await process.ended(), output: process.output() };
}

describe('npm run replay', () => {
  it('makes the same choice from the record, and says why', async () => {
    const { generation } = await house.clientAs('quote').complete(ask(), forUser());
    const id = generation?.decisionId ?? '';
    await waitUntil('it is written', () => house.storedDecision(id));
    const { code, output } = await replay(id);
    expect(output).toMatch(
      /first at \d+ ms, seed \d+\n {2}test\/test-1 {2}utility 0\.\d+ \(latency 0\.\d+, success 0\.\d+, cost 1\.000, breaker 1\.000, quota 1\.000\)/,
    );
    expect(output).toContain('chosen test/test-1 (only); again test/test-1 (only): the same');
    expect(code).toBe(0);
  }, 30_000);

  it('tells what it does not know, and how it is used', async () => {
    expect(await replay('01995f3e-8c1a-7d2e-9b4f-3a6c1d8e5f70')).toMatchObject({
      code: 1,
      output: expect.stringContaining('there is no decision') as unknown,
    });
    expect(await replay('x')).toMatchObject({ code: 64, output: expect.stringContaining('usage: npm run replay') as unknown });
  }, 30_000);
});
