import { createServiceIdentity, loadServiceKeys } from '@quotemaster/auth';
import { InferenceService } from '@quotemaster/contract/ai';
import { createRpcClient } from '@quotemaster/rpc';
import type { RpcClient } from '@quotemaster/rpc';
import { buildPrograms } from '@quotemaster/testkit/built-programs';
import { startTestRedisServer } from '@quotemaster/testkit/redis-faces';
import { startServiceProcesses } from '@quotemaster/testkit/service-processes';
import { startTestPostgres } from '@quotemaster/testkit/test-postgres';
import { call } from './edge-system.ts';

/** Ours, compiled as in images, a process a service, on a Postgres and a Redis of their own. */
export interface OrchestratorSystem {
  readonly inference: RpcClient<typeof InferenceService>;
  /** Of /openai/v1. */
  readonly url: string;
  readonly apiKey: string;
  readonly pids: { readonly orchestrator: number; readonly gateway: number };
  stop(): Promise<void>;
}

/** Starts it with one provider: the server at `upstream`, which speaks OpenAI's wire format. */
export async function startOrchestratorSystem(upstream: string): Promise<OrchestratorSystem> {
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.toReversed()) await one();
  };
  try {
    return { ...(await start(upstream, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(upstream: string, stops: (() => unknown)[]): Promise<Omit<OrchestratorSystem, 'stop'>> {
  const built = buildPrograms();
  stops.push(() => built.remove());
  const redis = await startTestRedisServer();
  stops.push(() => redis.stop());
  const postgres = await startTestPostgres();
  stops.push(() => postgres.stop());
  const system = await startServiceProcesses({
    built,
    database: await postgres.createDatabase(),
    redisUrl: `redis://127.0.0.1:${String(redis.port)}`,
    env: {
      QM_LOG_LEVEL: 'error',
      OPENAI_BASE_URL: upstream,
      OPENAI_API_KEY: 'any',
      // Limits are not what is measured.
      ...Object.fromEntries(['GENERATE', 'KEY', 'AUTH'].map((name) => [`QM_RATE_${name}_PER_MINUTE`, '1000000'])),
    },
  });
  stops.push(() => system.stop());
  const inference = createRpcClient(InferenceService, {
    address: system.address('ai-orchestrator'),
    callee: 'ai-orchestrator',
    identity: createServiceIdentity({ name: 'gateway', keys: loadServiceKeys({ name: 'gateway', ...system.keyFiles('gateway') }) }),
  });
  stops.push(() => inference.close());
  return {
    inference,
    url: `${system.url}/openai/v1`,
    apiKey: await createApiKey(system.url),
    pids: { orchestrator: system.pid('ai-orchestrator'), gateway: system.pid('gateway') },
  };
}

async function createApiKey(url: string): Promise<string> {
  const post = async (path: string, body: object, headers: Record<string, string> = {}): Promise<unknown> => {
    const options = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
    const { status, text } = await call(url + path, options);
    if (status >= 300) throw new Error(`${path} answered ${String(status)}: ${text.slice(0, 300)}`);
    return JSON.parse(text);
  };
  const account = { email: 'bench@example.org', password: 'a long walk by the sea' };
  const { tokens } = (await post('/v1/auth/register', account)) as { tokens: { accessToken: string } };
  const key = await post(
    '/v1/users/me/api-keys',
    { name: 'bench', scopes: ['ai:invoke'] },
    { authorization: `Bearer ${tokens.accessToken}` },
  );
  return (key as { secret: string }).secret;
}
