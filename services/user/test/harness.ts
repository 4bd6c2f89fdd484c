import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccessTokenVerifier } from '@quotemaster/auth';
import type { ServiceIdentity } from '@quotemaster/auth';
import { create } from '@bufbuild/protobuf';
import { PrivacyService } from '@quotemaster/contract/privacy';
import {
  AdminService,
  ApiKeyService,
  AuthService,
  MfaService,
  OAuthService,
  PasskeyService,
  UserService,
} from '@quotemaster/contract/user';
import type { Tokens, User } from '@quotemaster/contract/user';
import { ExportResponseSchema } from '@quotemaster/contract/privacy';
import type { Clock } from '@quotemaster/lifecycle';
import { createMetrics } from '@quotemaster/observe';
import type { Metrics } from '@quotemaster/observe';
import { createPostgres } from '@quotemaster/postgres';
import type { Postgres } from '@quotemaster/postgres';
import { createRedisTwin } from '@quotemaster/redis';
import type { BusEvent, RedisFace } from '@quotemaster/redis';
import { createRpcClient, handleRpc } from '@quotemaster/rpc';
import type { CallOptions, RpcClient } from '@quotemaster/rpc';
import { createMemoryLog, startTestPostgres, waitUntil } from '@quotemaster/testkit';
import { createTestIdentity } from '@quotemaster/testkit/test-identity';
import type { TestIdentities } from '@quotemaster/testkit/test-identity';
import { serviceNames, startTestRpc } from '@quotemaster/testkit/test-rpc';
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
  readonly mfa: RpcClient<typeof MfaService>;
  readonly passkeys: RpcClient<typeof PasskeyService>;
  readonly oauth: RpcClient<typeof OAuthService>;
  readonly keys: RpcClient<typeof ApiKeyService>;
  readonly admin: RpcClient<typeof AdminService>;
  /** The other service with data: what it keeps of whom, and what it does when it is asked to erase. */
  readonly peer: { records: Map<string, string[]>; erase(userId: string): Promise<void> | void };
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
  identityOf(name: (typeof serviceNames)[number]): ServiceIdentity;
  /** Calls for nobody, as for a login. */
  readonly anonymous: CallOptions;
  /** Calls for whoever holds this access token, checked as the gateway checks it. */
  as(tokens: Tokens | undefined): Promise<CallOptions>;
  /** Waits for the newest mail to an address and gives its text. `count`: how many there must be by then. */
  mailTo(email: string, count?: number): Promise<string>;
  /** How many mails an address has got. */
  mailsTo(email: string): Promise<number>;
  readonly dataDir: string;
  /** Makes an account with a name of its own. */
  register(name?: string): Promise<{ user: User; tokens: Pair; email: string }>;
  stop(): Promise<void>;
}

let names = 0;

export async function startHarness(env: Record<string, string> = {}): Promise<Harness> {
  const server = await startTestPostgres();
  const database = await server.createDatabase([userMigrations]);
  const dataDir = await mkdtemp(join(tmpdir(), 'quotemaster-user-'));
  // Calls between services are made in real time, whatever the service takes the time to be.
  const identities = createTestIdentity(serviceNames);
  const identityOf: Harness['identityOf'] = (name) => identities.identityOf(name);
  const identity = identityOf('gateway');
  const clock = createJumpingClock();
  const metrics = createMetrics({ service: 'user' });
  const log = createMemoryLog('user');
  const { redis, events } = await startTwin(clock);

  const peer: Harness['peer'] = { records: new Map(), erase: (userId) => void peer.records.delete(userId) };
  const quote = await startPeer(identities, 'quote', peer);
  const ai = await startPeer(identities, 'ai-orchestrator', { records: new Map(), erase: () => undefined });
  const config = readUserConfig({
    QM_DATA_DIR: dataDir,
    QM_GRPC_PORT: '0',
    QM_QUOTE_ADDR: quote.server.address,
    QM_AI_ADDR: ai.server.address,
    ...env,
  });
  const postgresUrl = database.appUrl('user');
  const service = buildUser(config, {
    postgresUrl,
    redis,
    identity: identityOf('user'),
    verifier: identities.verifierOf('user'),
    clock,
    metrics,
    logger: log.logger,
  });
  await service.start();
  const postgres = createPostgres({
    url: postgresUrl,
    service: 'test',
    schema: userMigrations.schema,
    logger: log.logger,
    metrics: createMetrics({ service: 'test' }),
  });
  const to = { address: service.address, callee: 'user', identity };
  const auth = createRpcClient(AuthService, to);
  const clients = {
    auth,
    users: createRpcClient(UserService, to),
    mfa: createRpcClient(MfaService, to),
    passkeys: createRpcClient(PasskeyService, to),
    oauth: createRpcClient(OAuthService, to),
    keys: createRpcClient(ApiKeyService, to),
    admin: createRpcClient(AdminService, to),
  };
  const mails = (email: string): Promise<string[]> => readMails(join(dataDir, 'outbox'), email);

  const anonymous: CallOptions = { timeoutMs: 10_000, actor: { kind: 'none' }, client: { address: '192.0.2.7', userAgent: 'harness/1' } };
  const verifier = createAccessTokenVerifier({ jwks: async () => (await auth.getJwks({}, anonymous)).keys, clock });
  return {
    ...clients,
    peer,
    dataDir,
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
    async mailTo(email, count = 1) {
      let found: string[] = [];
      await waitUntil(`mail to ${email}`, async () => (found = await mails(email)).length >= count);
      return found.at(-1)!;
    },
    mailsTo: async (email) => (await mails(email)).length,
    async register(name = `someone${String((names += 1))}`) {
      const email = `${name}@example.com`;
      const { user, tokens } = await auth.register({ email, password }, anonymous);
      return { user: user!, tokens: tokens as Pair, email };
    },
    async stop() {
      for (const client of Object.values(clients)) client.close();
      await service.stop();
      await quote.stop();
      await ai.stop();
      await postgres.stop?.();
      await redis.stop();
      await server.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

async function startTwin(clock: Clock): Promise<{ redis: RedisFace; events: readonly BusEvent[] }> {
  const redis = createRedisTwin({ clock });
  await redis.start();
  const events: BusEvent[] = [];
  const topics = ['user.registered', 'user.session_revoked', 'user.role_changed', 'user.api_key_revoked', 'user.erased'];
  const subscription = redis.bus.subscribe({ topics, handler: async (event) => void events.push(event) });
  await subscription.start();
  return { redis, events };
}

/** Stands in for another service, as far as people's data go. */
function startPeer(identities: TestIdentities, name: 'quote' | 'ai-orchestrator', peer: Harness['peer']) {
  return startTestRpc(
    name,
    [
      handleRpc(PrivacyService.method.export, async function* ({ userId }) {
        for (const json of peer.records.get(userId) ?? []) yield create(ExportResponseSchema, { kind: 'quote', json });
      }),
      handleRpc(PrivacyService.method.erase, async ({ userId }) => {
        await peer.erase(userId);
        return { erasedRecords: 0 };
      }),
    ],
    { identities },
  );
}

/** The texts of the mails to an address, oldest first. */
async function readMails(folder: string, email: string): Promise<string[]> {
  // One that begins with a dot is being written, and is about to get another name.
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.') && name.endsWith('.eml')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.filter((text) => text.includes(`To: ${email}`)).map((text) => text.replaceAll('=\n', '').replaceAll('=3D', '='));
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
