import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureDevelopmentServiceKeys, openServiceAuth } from '@quotemaster/auth';
import { AiService } from '@quotemaster/contract/ai';
import { systemClock } from '@quotemaster/lifecycle';
import { createRedisTwin } from '@quotemaster/redis';
import { createRpcClient } from '@quotemaster/rpc';
import { createMemoryLog, createTestTracing, startTestPostgres, waitUntil } from '@quotemaster/testkit';
import type { TestTracing } from '@quotemaster/testkit';
import { aiMigrations, buildAiOrchestrator, readAiOrchestratorConfig } from '../src/index.ts';
import { ask, forUser, openHouse } from './support/house.ts';
import { createTestProvider } from './support/test-provider.ts';

let tracing: TestTracing;
let dataDir: string;

beforeAll(async () => {
  tracing = createTestTracing();
  dataDir = await mkdtemp(join(tmpdir(), 'ai-test-'));
});
afterAll(async () => {
  await tracing.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describe('ai-orchestrator', () => {
  it('answers with the offline composer and keys of its own making where nothing is set, and says so in one line', async () => {
    const { keyFile, jwksFile } = ensureDevelopmentServiceKeys(dataDir, ['quote']);
    const log = createMemoryLog('ai-orchestrator');
    const server = await startTestPostgres();
    const { appUrl } = await server.createDatabase([aiMigrations]);
    const program = buildAiOrchestrator(readAiOrchestratorConfig({ QM_GRPC_PORT: '0', QM_DATA_DIR: dataDir }), {
      logger: log.logger,
      postgresUrl: appUrl('ai'),
      redis: createRedisTwin({ clock: systemClock }),
    });
    expect(program.isReady()).toBe(false);
    await program.start();
    expect(program.isReady()).toBe(true);
    expect(log.lines.filter(({ msg }) => String(msg).includes('offline composer is in use'))).toHaveLength(1);

    const { identity } = openServiceAuth({ name: 'quote', keyFile: keyFile('quote'), jwksFile, clock: systemClock });
    const ai = createRpcClient(AiService, { address: program.address, callee: 'ai-orchestrator', identity });
    const { quotes, generation } = await ai.complete(ask(), forUser());
    expect(quotes).toHaveLength(2);
    expect(generation).toMatchObject({ provider: 'offline', degraded: false });
    const again = await Promise.all([1, 2].map(() => ai.complete(ask({ seed: 11n, model: `offline/${generation!.model}` }), forUser())));
    expect(again[0]!.quotes).toEqual(again[1]!.quotes);

    ai.close();
    await program.stop();
    expect(program.isReady()).toBe(false);
    await server.stop();
  });

  it('leaves a trace of the call, the completion and the provider', async () => {
    const provider = createTestProvider();
    provider.answerWith('A river returns.');
    const house = await openHouse({ providers: [provider] });
    tracing.reset();
    await house.clientAs('quote').complete(ask(), forUser());
    const span = await waitUntil('the spans have ended', () =>
      tracing.spans().find(({ name }) => name === 'quotemaster.ai.v1.AiService/Complete'),
    );
    expect(JSON.stringify(tracing.tree(span.traceId))).toMatch(/AiService\/Complete.*ai\.request.*chat test-1/);
    await house.stop();
  });
});
