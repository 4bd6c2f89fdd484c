import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServiceIdentity, loadServiceKeys } from '@quotemaster/auth';
import { AiService } from '@quotemaster/contract/ai';
import { createRpcClient } from '@quotemaster/rpc';
import { findFreePorts, startNodeProcess, untilReady } from '@quotemaster/testkit/node-process';
import { hasRedisServer, startTestRedisServer } from '@quotemaster/testkit/redis-faces';
import { startServiceProcesses } from '@quotemaster/testkit/service-processes';
import { testUser } from '@quotemaster/testkit/test-identity';
import { startTestPostgres } from '@quotemaster/testkit/test-postgres';
import type { Call } from './load.ts';

/** Something under load: a system that runs, and how it is called. */
export interface Target {
  readonly name: string;
  readonly call: Call;
  /** Where its gateway answers, where it has one. */
  readonly url?: string;
  /** The processes whose CPU and memory count, by what they are. */
  readonly pids: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

const observed = ['--import', '@quotemaster/observe/register'];
const quiet = { QM_LOG_LEVEL: 'error' };
/** Limits are not what is measured. */
const unlimited = { QM_RATE_GENERATE_PER_MINUTE: '1000000', QM_RATE_AUTH_PER_MINUTE: '1000000' };
const prompt = 'the courage to start again after a long winter';

/** Starts the provider simulator as a process, each answer of which takes `latencyMs`. */
export async function startSimulator(latencyMs: number): Promise<{ url: string; stop(): Promise<void> }> {
  const [port = 0] = await findFreePorts(1);
  const url = `http://127.0.0.1:${String(port)}`;
  const simulator = startNodeProcess({
    script: 'libs/testkit/src/provider-simulator/main.ts',
    env: { SIMULATOR_PORT: String(port), SIMULATOR_LATENCY_MS: String(latencyMs) },
  });
  await untilReady(simulator, `${url}/_control/invoice`);
  return {
    url,
    async stop() {
      await simulator.end('SIGTERM');
    },
  };
}

/** The simulator itself, called as OpenAI is. */
export function directTarget(simulatorUrl: string): Target {
  return {
    name: 'the simulator, called directly',
    pids: {},
    async call() {
      await post(`${simulatorUrl}/openai/v1/chat/completions`, {
        model: 'gpt-6-luna',
        messages: [{ role: 'user', content: `Write one quote.\n<thought>${prompt}</thought>` }],
      });
    },
    stop: () => Promise.resolve(),
  };
}

/** Everything in one process, as `make run` starts it. */
export async function startStandaloneTarget(simulatorUrl: string, callers: number, nodeArgs: readonly string[] = []): Promise<Target> {
  const dataDir = await mkdtemp(join(tmpdir(), 'qm-bench-'));
  const [httpPort = 0, adminPort = 0] = await findFreePorts(2);
  const standalone = startNodeProcess({
    script: 'services/standalone/src/main.ts',
    nodeArgs: [...nodeArgs, ...observed],
    env: {
      ...quiet,
      ...unlimited,
      QM_DATA_DIR: dataDir,
      QM_HTTP_PORT: String(httpPort),
      QM_ADMIN_PORT: String(adminPort),
      OPENAI_BASE_URL: `${simulatorUrl}/openai/v1`,
    },
  });
  await untilReady(standalone, `http://127.0.0.1:${String(adminPort)}/readyz`);
  return {
    name: 'POST /v1/quotes/generate, standalone',
    url: `http://127.0.0.1:${String(httpPort)}`,
    pids: { standalone: standalone.pid },
    call: await generateCall(`http://127.0.0.1:${String(httpPort)}`, callers),
    async stop() {
      await standalone.end('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * Each service a process, on a Postgres and a Redis of their own: two targets on one system, the orchestrator over gRPC and
 * the whole way through the gateway. Undefined where there is no redis-server.
 */
export async function startSeparateTargets(
  simulatorUrl: string,
  callers: number,
): Promise<{ targets: Target[]; stop(): Promise<void> } | undefined> {
  if (!hasRedisServer()) return undefined;
  const redis = await startTestRedisServer();
  const postgres = await startTestPostgres();
  const database = await postgres.createDatabase();
  const system = await startServiceProcesses({
    database,
    redisUrl: `redis://127.0.0.1:${String(redis.port)}`,
    env: { ...quiet, ...unlimited, OPENAI_BASE_URL: `${simulatorUrl}/openai/v1` },
  });
  const keys = loadServiceKeys({ name: 'quote', ...system.keyFiles('quote') });
  const ai = createRpcClient(AiService, {
    address: system.address('ai-orchestrator'),
    callee: 'ai-orchestrator',
    identity: createServiceIdentity({ name: 'quote', keys }),
  });
  const actor = testUser();
  const targets: Target[] = [
    {
      name: 'Complete over gRPC',
      pids: { 'ai-orchestrator': system.pid('ai-orchestrator') },
      async call() {
        await ai.complete(
          {
            messages: [{ role: 'user', content: `Write one quote.\n<thought>${prompt}</thought>` }],
            brief: { prompt, count: 1 },
            template: 'quote/1',
          },
          { timeoutMs: 30_000, actor },
        );
      },
      stop() {
        ai.close();
        return Promise.resolve();
      },
    },
    {
      name: 'POST /v1/quotes/generate, a process a service',
      url: system.url,
      pids: Object.fromEntries(system.names.map((name) => [name, system.pid(name)])),
      call: await generateCall(system.url, callers),
      stop: () => Promise.resolve(),
    },
  ];
  return {
    targets,
    async stop() {
      for (const target of targets) await target.stop();
      await system.stop();
      await postgres.stop();
      await redis.stop();
    },
  };
}

/** Signing in: everything in one process, and where there is a redis-server a process a service. */
export async function startLoginTargets(): Promise<{ targets: Target[]; stop(): Promise<void> }> {
  // No model is asked for anything; its address only has to be one.
  const nowhere = 'http://127.0.0.1:9';
  const standalone = await startStandaloneTarget(nowhere, 0);
  const separate = await startSeparateTargets(nowhere, 0);
  const whole = [standalone, ...(separate?.targets.filter(({ url }) => url !== undefined) ?? [])];
  const targets = await Promise.all(
    whole.map(async (target) => ({
      ...target,
      name: target.name.replace('POST /v1/quotes/generate, ', ''),
      call: await loginCall(target.url ?? ''),
    })),
  );
  return {
    targets,
    async stop() {
      await separate?.stop();
      await standalone.stop();
    },
  };
}

/** Forty people, who sign in one after the other. */
async function loginCall(url: string): Promise<Call> {
  const people = Array.from({ length: 40 }, (_, index) => ({
    email: `login.${String(index)}@example.org`,
    password: 'a long walk by the sea',
  }));
  for (const person of people) await post(`${url}/v1/auth/register`, person);
  return async (caller) => {
    await post(`${url}/v1/auth/login`, people[caller % people.length] ?? {});
  };
}

/** A user for each caller, so that no quote of one stands in the way of another. */
async function generateCall(url: string, callers: number): Promise<Call> {
  const tokens: string[] = [];
  for (let caller = 0; caller < callers; caller += 1) {
    const email = `bench.${String(caller)}@example.org`;
    const answer = await post(`${url}/v1/auth/register`, { email, password: 'a long walk by the sea' });
    tokens.push((answer as { tokens: { accessToken: string } }).tokens.accessToken);
  }
  return async (caller) => {
    await post(`${url}/v1/quotes/generate`, { prompt }, { authorization: `Bearer ${tokens[caller] ?? ''}` });
  };
}

async function post(url: string, body: object, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${String(response.status)}: ${text.slice(0, 300)}`);
  return JSON.parse(text);
}
