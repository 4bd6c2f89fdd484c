import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import type { DescMethod, DescMethodServerStreaming, DescMethodUnary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aiMigrations, buildAiOrchestrator, readAiOrchestratorConfig } from '@quotemaster/ai-orchestrator';
import { createServiceIdentity, sessionScopes } from '@quotemaster/auth';
import type { Actor, Principal, ServiceIdentity } from '@quotemaster/auth';
import { access, contractServices } from '@quotemaster/contract';
import { AiService } from '@quotemaster/contract/ai';
import { isAppError } from '@quotemaster/errors';
import { systemClock } from '@quotemaster/lifecycle';
import { buildQuote, quoteMigrations, readQuoteConfig } from '@quotemaster/quote';
import { createRedisTwin } from '@quotemaster/redis';
import { callMethod, createRpcClient } from '@quotemaster/rpc';
import type { RpcClientHandle } from '@quotemaster/rpc';
import { createMemoryLog, startTestPostgres } from '@quotemaster/testkit';
import { createTestIdentity } from '@quotemaster/testkit/test-identity';
import { serviceNames } from '@quotemaster/testkit/test-rpc';
import { buildUser, readUserConfig, userMigrations } from '@quotemaster/user';

const principal: Principal = {
  userId: '01900000-0000-7000-8000-000000000001',
  role: 'user',
  scopes: [...sessionScopes, 'ai:invoke'],
  sessionId: '01900000-0000-7000-8000-0000000000aa',
};
const person = (more: Partial<Principal> = {}): Actor => ({ kind: 'principal', principal: { ...principal, ...more } });

/** Calls without going through the gateway, as anybody could who reaches the port. */
describe('a service that is called directly', () => {
  // The voice service's key stands in for an internal client of another team: it is known, and declared where a contract says so.
  const identities = createTestIdentity(serviceNames);
  const handlers: RpcClientHandle[] = [];
  const stops: (() => unknown)[] = [];
  const addresses: Record<string, string> = {};

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'qm-direct-'));
    const server = await startTestPostgres();
    const database = await server.createDatabase([userMigrations, quoteMigrations, aiMigrations]);
    const redis = createRedisTwin({ clock: systemClock });
    await redis.start();
    const { logger } = createMemoryLog();
    const env = { QM_DATA_DIR: dataDir, QM_GRPC_PORT: '0' };
    const depsOf = (name: string) => ({ verifier: identities.verifierOf(name), identity: identities.identityOf(name), logger });
    const services = {
      'ai-orchestrator': buildAiOrchestrator(readAiOrchestratorConfig(env), {
        ...depsOf('ai-orchestrator'),
        redis,
        postgresUrl: database.appUrl('ai'),
      }),
      user: buildUser(readUserConfig(env), { ...depsOf('user'), redis, postgresUrl: database.appUrl('user') }),
      quote: buildQuote(readQuoteConfig(env), { ...depsOf('quote'), redis, postgresUrl: database.appUrl('quote') }),
    };
    for (const [name, service] of Object.entries(services)) {
      await service.start();
      addresses[name] = service.address;
      stops.unshift(() => service.stop());
    }
    stops.push(
      () => redis.stop(),
      () => server.stop(),
      () => rm(dataDir, { recursive: true, force: true }),
    );
  }, 60_000);
  afterAll(async () => {
    for (const client of handlers) client.close();
    for (const stop of stops) await stop();
  });

  const rpcs = contractServices.flatMap((service) =>
    service.methods.flatMap((method) =>
      servicesOf(method).map((owner) => [`${owner}: ${service.name}.${method.name}`, owner, method] as const),
    ),
  );

  async function attempt(owner: string, method: DescMethod, identity: ServiceIdentity, actor: Actor): Promise<string> {
    const client = createRpcClient(method.parent, { address: addresses[owner]!, callee: owner, identity });
    handlers.push(client);
    const options = { timeoutMs: 5_000, actor };
    try {
      if (method.methodKind === 'server_streaming') {
        const stream = callMethod(client, method as DescMethodServerStreaming, create(method.input), options);
        await stream[Symbol.asyncIterator]().next();
      } else await callMethod(client, method as DescMethodUnary, create(method.input), options);
      return 'served';
    } catch (error) {
      if (isAppError(error)) return error.code;
      throw error;
    }
  }
  /** A caller who is refused hears nothing but that the call failed: it was our own service's mistake, or nobody of ours. */
  const callerRefused = 'common.internal';

  it.each(rpcs)('%s refuses whoever has no key, another name, or an edge that the contract does not declare', async (_, owner, method) => {
    const { callers } = access(method);
    const bare: ServiceIdentity = { name: 'gateway', tokenFor: () => '' };
    const forged = createServiceIdentity({ name: 'gateway', keys: createTestIdentity(['gateway']).keysOf('gateway') });
    // Signed with its own key, under another's name.
    const posing = createServiceIdentity({ name: 'gateway', keys: identities.keysOf('voice') });
    const misdirected: ServiceIdentity = {
      name: 'gateway',
      tokenFor: (_callee, actor) => identities.identityOf('gateway').tokenFor('voice', actor),
    };
    for (const identity of [bare, forged, posing, misdirected])
      expect(await attempt(owner, method, identity, person())).toBe(callerRefused);
    for (const name of serviceNames.filter((service) => !callers.includes(service)))
      expect([name, await attempt(owner, method, identities.identityOf(name), person())]).toEqual([name, callerRefused]);
  });

  it.each(rpcs.filter(([, , method]) => access(method).needsPrincipal))(
    '%s refuses a lesser principal, and a call for nobody, even from the gateway',
    async (_, owner, method) => {
      const policy = access(method);
      const [caller = ''] = policy.callers;
      const from = identities.identityOf(caller);
      for (const kind of ['none', 'job'] as const) expect(await attempt(owner, method, from, { kind })).toBe('auth.unauthenticated');
      if (policy.scopes.length > 0) expect(await attempt(owner, method, from, person({ scopes: [] }))).toBe('auth.forbidden');
      if (policy.roles.length > 0) expect(await attempt(owner, method, from, person({ role: 'moderator' }))).toBe('auth.forbidden');
      if (policy.sessionOnly) {
        const { userId, role, scopes } = principal;
        const actor: Actor = { kind: 'principal', principal: { userId, role, scopes, apiKeyId: '01900000-0000-7000-8000-0000000000cc' } };
        expect(await attempt(owner, method, from, actor)).toBe('auth.session_required');
      }
    },
  );

  it.each(rpcs.filter(([, , method]) => access(method).callers.length > 0))(
    '%s lets in each caller that the contract declares',
    async (_, owner, method) => {
      const actor = person({ role: access(method).roles.includes('admin') ? 'admin' : 'user' });
      for (const caller of access(method).callers)
        // An empty request may be refused for its form, or for want of an account; the caller was let in.
        expect([caller, await attempt(owner, method, identities.identityOf(caller), actor)]).not.toEqual([caller, callerRefused]);
    },
  );

  it('serves an internal client that has a key of its own, over an edge that is declared', async () => {
    const quote = createRpcClient(AiService, {
      address: addresses['ai-orchestrator']!,
      callee: 'ai-orchestrator',
      identity: identities.identityOf('quote'),
    });
    handlers.push(quote);
    const request = { messages: [{ role: 'user', content: 'a lantern' }], brief: { prompt: 'a lantern', count: 1 } };
    expect((await quote.complete(request, { timeoutMs: 5_000, actor: person() })).generation).toMatchObject({ provider: 'offline' });
  });
});

/** Every service that serves an RPC: PrivacyService is each one's with data. */
function servicesOf(method: DescMethod): readonly string[] {
  const area = method.parent.typeName.split('.')[1] ?? '';
  if (area === 'privacy') return ['user', 'quote'];
  return [area === 'ai' ? 'ai-orchestrator' : area];
}
