import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccessTokenVerifier, ensureDevelopmentServiceKeys, openServiceAuth } from '@quotemaster/auth';
import type { ServiceIdentity } from '@quotemaster/auth';
import { AuthService, UserService } from '@quotemaster/contract/user';
import type { Tokens, User } from '@quotemaster/contract/user';
import type { Clock } from '@quotemaster/lifecycle';
import { createMetrics } from '@quotemaster/observe';
import type { Metrics } from '@quotemaster/observe';
import { createPostgres } from '@quotemaster/postgres';
import type { Postgres } from '@quotemaster/postgres';
import { createRedisTwin } from '@quotemaster/redis';
import type { BusEvent, RedisFace } from '@quotemaster/redis';
import { createRpcClient } from '@quotemaster/rpc';
import type { CallOptions, RpcClient } from '@quotemaster/rpc';
import { createMemoryLog, startTestPostgres } from '@quotemaster/testkit';
import type { MemoryLog } from '@quotemaster/testkit';
import { buildUser, readUserConfig, userMigrations } from '../src/index.ts';

export const password = 'a whale sang for fifteen nights';

/** Tokens as a caller without a cookie gets them. */
export type Pair = Tokens & { refreshToken: string };

/** Runs with the real time, and can jump ahead of it. */
export interface JumpingClock extends Clock {
  jump(ms: number): void;
}

/** The user service on a Postgres of its own, called over real gRPC as the gateway would. */
export interface Harness {
  readonly auth: RpcClient<typeof AuthService>;
  readonly users: RpcClient<typeof UserService>;
  readonly clock: JumpingClock;
  readonly metrics: Metrics;
  readonly log: MemoryLog;
  /** The database as the service's own role sees it. */
  readonly postgres: Postgres;
  readonly databaseUrl: string;
  /** What was published since the start, in order. */
  readonly events: readonly BusEvent[];
  /** Where the service listens, and who may be played by a client of it. */
  readonly address: string;
  identityOf(name: 'gateway' | 'quote'): ServiceIdentity;
  /** Calls for nobody, as for a login. */
  readonly anonymous: CallOptions;
  /** Calls for whoever holds this access token, checked as the gateway checks it. */
  as(tokens: Tokens | undefined): Promise<CallOptions>;
  /** Makes an account with a name of its own. */
  register(name?: string): Promise<{ user: User; tokens: Pair; email: string }>;
  stop(): Promise<void>;
}

let names = 0;

export async function startHarness(): Promise<Harness> {
  const server = await startTestPostgres();
  const database = await server.createDatabase([userMigrations]);
  const dataDir = await mkdtemp(join(tmpdir(), 'quotemaster-user-'));
  const authOf = openServices(dataDir);
  const identityOf: Harness['identityOf'] = (name) => authOf(name).identity;
  const identity = identityOf('gateway');
  const clock = createJumpingClock();
  const metrics = createMetrics({ service: 'user' });
  const log = createMemoryLog('user');
  const { redis, events } = await startTwin(clock);

  const config = readUserConfig({ QM_DATA_DIR: dataDir, QM_GRPC_PORT: '0' });
  const postgresUrl = database.appUrl('user');
  // Calls between services are made in real time, whatever the service takes the time to be.
  const { verifier: serviceVerifier } = authOf('user');
  const service = buildUser(config, { postgresUrl, redis, verifier: serviceVerifier, clock, metrics, logger: log.logger });
  await service.start();
  const postgres = createPostgres({
    url: postgresUrl,
    service: 'test',
    schema: userMigrations.schema,
    logger: log.logger,
    metrics: createMetrics({ service: 'test' }),
  });
  const auth = createRpcClient(AuthService, { address: service.address, callee: 'user', identity });
  const users = createRpcClient(UserService, { address: service.address, callee: 'user', identity });

  const anonymous: CallOptions = { timeoutMs: 10_000, actor: { kind: 'none' }, client: { address: '192.0.2.7', userAgent: 'harness/1' } };
  const verifier = createAccessTokenVerifier({ jwks: async () => (await auth.getJwks({}, anonymous)).keys, clock });
  return {
    auth,
    users,
    clock,
    metrics,
    log,
    postgres,
    databaseUrl: postgresUrl.reveal(),
    events,
    address: service.address,
    identityOf,
    anonymous,
    as: async (tokens) => ({ ...anonymous, actor: { kind: 'principal', principal: await verifier.verify(tokens?.accessToken ?? '') } }),
    async register(name = `someone${String((names += 1))}`) {
      const email = `${name}@example.com`;
      const { user, tokens } = await auth.register({ email, password }, anonymous);
      return { user: user!, tokens: tokens as Pair, email };
    },
    async stop() {
      auth.close();
      users.close();
      await service.stop();
      await postgres.stop?.();
      await redis.stop();
      await server.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

function openServices(dataDir: string): (name: string) => ReturnType<typeof openServiceAuth> {
  const keys = ensureDevelopmentServiceKeys(dataDir, ['gateway', 'quote', 'user']);
  return (name) => openServiceAuth({ name, keyFile: keys.keyFile(name), jwksFile: keys.jwksFile });
}

async function startTwin(clock: Clock): Promise<{ redis: RedisFace; events: readonly BusEvent[] }> {
  const redis = createRedisTwin({ clock });
  await redis.start();
  const events: BusEvent[] = [];
  const topics = ['user.registered', 'user.session_revoked', 'user.role_changed'];
  const subscription = redis.bus.subscribe({ topics, handler: async (event) => void events.push(event) });
  await subscription.start();
  return { redis, events };
}

function createJumpingClock(): JumpingClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    monotonic: () => performance.now() + ahead,
    jump: (ms) => {
      ahead += ms;
    },
  };
}
