import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { sessionScopes } from '@quotemaster/auth';
import type { Actor } from '@quotemaster/auth';
import { PrivacyService } from '@quotemaster/contract/privacy';
import { QuoteService } from '@quotemaster/contract/quote';
import { systemClock } from '@quotemaster/lifecycle';
import { createMetrics } from '@quotemaster/observe';
import { createPostgres } from '@quotemaster/postgres';
import { createRedisTwin } from '@quotemaster/redis';
import type { RedisFace } from '@quotemaster/redis';
import { createRpcClient } from '@quotemaster/rpc';
import type { CallOptions, RpcClient } from '@quotemaster/rpc';
import { createMemoryLog, createTestIdentity, startTestPostgres } from '@quotemaster/testkit';
import type { MemoryLog } from '@quotemaster/testkit';
import { buildQuote, quoteMigrations, readQuoteConfig } from '../../src/index.ts';
import type { QuoteDeps, QuoteProgram } from '../../src/index.ts';
import { startStandInAi } from './stand-in-ai.ts';
import type { StandInAi } from './stand-in-ai.ts';

/** The quote service as it runs, with a stand-in for ai-orchestrator beside it. */
export interface House {
  readonly quotes: RpcClient<typeof QuoteService>;
  /** PrivacyService as the user service calls it. */
  readonly privacy: RpcClient<typeof PrivacyService>;
  readonly ai: StandInAi;
  readonly redis: RedisFace;
  readonly log: MemoryLog;
  readonly program: QuoteProgram;
  /** Reads the service's tables with its own role. */
  query<T extends object>(text: string, values?: unknown[]): Promise<T[]>;
  stop(): Promise<void>;
}

/** Starts the service on a database and with keys of its own. */
export async function openHouse(deps: Pick<QuoteDeps, 'clock' | 'newId'> = {}): Promise<House> {
  const dataDir = await mkdtemp(join(tmpdir(), 'quote-test-'));
  const server = await startTestPostgres();
  const database = await server.createDatabase([quoteMigrations]);
  const { identityOf, verifierOf } = createTestIdentity(['gateway', 'user', 'quote', 'ai-orchestrator']);

  const ai = await startStandInAi(verifierOf('ai-orchestrator'));
  const redis = createRedisTwin({ clock: deps.clock ?? systemClock });
  await redis.start();
  const log = createMemoryLog('quote');
  const config = readQuoteConfig({ QM_GRPC_PORT: '0', QM_DATA_DIR: dataDir, QM_AI_ADDR: ai.address });
  const program = buildQuote(config, {
    ...deps,
    identity: identityOf('quote'),
    verifier: verifierOf('quote'),
    redis,
    logger: log.logger,
    postgresUrl: database.appUrl('quote'),
  });
  await program.start();

  const quotes = createRpcClient(QuoteService, { address: program.address, callee: 'quote', identity: identityOf('gateway') });
  const privacy = createRpcClient(PrivacyService, { address: program.address, callee: 'quote', identity: identityOf('user') });
  const tables = createPostgres({
    url: database.appUrl('quote'),
    service: 'test',
    schema: 'quote',
    poolMax: 2,
    logger: log.logger,
    metrics: createMetrics({ service: 'test' }),
  });
  return {
    quotes,
    privacy,
    ai,
    redis,
    log,
    program,
    query: async <T extends object>(text: string, values: unknown[] = []) => (await tables.pool.query<T>(text, values)).rows,
    async stop() {
      quotes.close();
      privacy.close();
      await program.stop();
      await ai.stop();
      await redis.stop();
      await tables.stop?.();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export interface TestUser {
  readonly id: string;
  /** Options of a call for this user. */
  readonly call: (more?: Partial<Extract<CallOptions, { actor: Actor }>>) => CallOptions;
}

export function newUser(): TestUser {
  const id = randomUUID();
  const actor: Actor = { kind: 'principal', principal: { userId: id, role: 'user', scopes: sessionScopes } };
  return { id, call: (more = {}) => ({ timeoutMs: 10_000, actor, ...more }) };
}

/** Options of a call that a service makes for nobody. */
export const asJob: CallOptions = { timeoutMs: 10_000, actor: { kind: 'job' } };

/** Reads a stream to its end. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of stream) all.push(item);
  return all;
}
