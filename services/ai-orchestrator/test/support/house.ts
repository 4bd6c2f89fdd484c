import type { DescService } from '@bufbuild/protobuf';
import { afterAll } from '@jest/globals';
import type { Secret } from '@quotemaster/config';
import { AiService } from '@quotemaster/contract/ai';
import { systemClock } from '@quotemaster/lifecycle';
import { createMetrics } from '@quotemaster/observe';
import { createPostgres } from '@quotemaster/postgres';
import { createRedisTwin } from '@quotemaster/redis';
import { createRpcClient } from '@quotemaster/rpc';
import type { CallOptions, RpcClient } from '@quotemaster/rpc';
import { createMemoryLog, createTestIdentity, serviceNames, startTestPostgres, testUser } from '@quotemaster/testkit';
import type { MemoryLog, TestPostgres } from '@quotemaster/testkit';
import { sweepDecisions } from '../../src/jobs/decision-log.ts';
import { createDecisionStore } from '../../src/store/decision-store.ts';
import type { Decision } from '../../src/domain/decision.ts';
import type { AiConfig } from '../../src/ai-config/ai-config.ts';
import { aiMigrations, buildAiOrchestrator, readAiOrchestratorConfig } from '../../src/index.ts';
import type { AiOrchestrator, AiOrchestratorDeps } from '../../src/index.ts';

/** ai-orchestrator as it runs, on a free port and with keys of its own. */
export interface House {
  readonly program: AiOrchestrator;
  readonly log: MemoryLog;
  /** Of the role that it has in its database. */
  readonly databaseUrl: string;
  /** A client that calls as the service named. Closed by `stop`. */
  clientAs(name: string): RpcClient<typeof AiService>;
  /** A client of any of its services. Closed by `stop`. */
  client<S extends DescService>(service: S, name: string): RpcClient<S>;
  /** A decision as the table has it. */
  storedDecision(id: string): Promise<Decision | undefined>;
  /** Deletes what is older than seven days, as a job does now and then. */
  sweepDecisions(): Promise<void>;
  /** The value of a metric with these labels; 0 where there is none. */
  metric(name: string, labels: Record<string, string>): Promise<number>;
  stop(): Promise<void>;
}

let database: Promise<{ server: TestPostgres; url: Secret }> | undefined;

/** One database for all houses of a test file. */
async function openDatabase(): Promise<{ server: TestPostgres; url: Secret }> {
  const server = await startTestPostgres();
  return { server, url: (await server.createDatabase([aiMigrations])).appUrl('ai') };
}
afterAll(async () => {
  await (await database)?.server.stop();
});

/** What of the config a test changes. */
export interface AiChanges {
  readonly breaker?: Partial<AiConfig['breaker']>;
  readonly attempts?: Partial<AiConfig['attempts']>;
  readonly selection?: Partial<AiConfig['selection']>;
  readonly hedging?: Partial<AiConfig['hedging']>;
}

/**
 * Starts it with the environment given. `ai` goes over what that says; unless it says otherwise, no breaker opens, nobody is hedged,
 * and of equals the first is chosen.
 */
export async function openHouse(
  deps: Pick<AiOrchestratorDeps, 'providers' | 'clock' | 'redis' | 'random'> & { env?: Record<string, string>; ai?: AiChanges } = {},
): Promise<House> {
  const { identityOf, verifierOf } = createTestIdentity(serviceNames);
  const log = createMemoryLog('ai-orchestrator');
  const { env, ai, redis, ...parts } = deps;
  const read = readAiOrchestratorConfig({ QM_GRPC_PORT: '0', ...env });
  const config = {
    ...read,
    ai: {
      ...read.ai,
      breaker: { ...read.ai.breaker, failures: 1_000_000, failureShare: 0, ...ai?.breaker },
      attempts: { ...read.ai.attempts, ...ai?.attempts },
      selection: { ...read.ai.selection, floor: 0, newSamples: 0, ...ai?.selection },
      hedging: { ...read.ai.hedging, share: 0, ...ai?.hedging },
    },
  };
  database ??= openDatabase();
  const { url } = await database;
  const program = buildAiOrchestrator(config, {
    ...parts,
    redis: redis ?? createRedisTwin({ clock: systemClock }),
    postgresUrl: url,
    verifier: verifierOf('ai-orchestrator'),
    logger: log.logger,
  });
  await program.start();
  const tables = createPostgres({
    url,
    service: 'test',
    schema: 'ai',
    poolMax: 1,
    logger: log.logger,
    metrics: createMetrics({ service: 'test' }),
  });
  const store = createDecisionStore(tables.db);
  const clients: { close(): void }[] = [];
  return {
    program,
    log,
    databaseUrl: url.reveal(),
    clientAs(name) {
      const client = createRpcClient(AiService, { address: program.address, callee: 'ai-orchestrator', identity: identityOf(name) });
      clients.push(client);
      return client;
    },
    client(service, name) {
      const client = createRpcClient(service, { address: program.address, callee: 'ai-orchestrator', identity: identityOf(name) });
      clients.push(client);
      return client;
    },
    storedDecision: (id) => store.find(id),
    async sweepDecisions() {
      await sweepDecisions(store, deps.clock ?? systemClock);
    },
    async metric(name, labels) {
      const labelled = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
      const lines = (await program.metrics.registry.metrics()).split('\n');
      const line = lines.find((one) => one.startsWith(`${name}{`) && labelled.every((label) => one.includes(label)));
      return Number(line?.split(' ').at(-1) ?? 0);
    },
    async stop() {
      for (const client of clients) client.close();
      await program.stop();
      await tables.stop?.();
    },
  };
}

/** An ask for two quotes about rivers, as the quote service puts it. */
export function ask(more: { model?: string; maxOutputTokens?: number; temperature?: number; seed?: bigint } = {}) {
  return {
    messages: [
      { role: 'system', content: 'You write quotes.' },
      { role: 'user', content: 'Write 2 quotes.\n<thought>patience of rivers</thought>' },
    ],
    brief: { prompt: 'patience of rivers', count: 2, tone: 'serene', language: 'en' },
    template: 'quote/1',
    ...more,
  };
}

/** Options of a call for a user. */
export function forUser(more: { timeoutMs?: number; signal?: AbortSignal } = {}): CallOptions {
  return { timeoutMs: 10_000, actor: testUser(), ...more };
}
