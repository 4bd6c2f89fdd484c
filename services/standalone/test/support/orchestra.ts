import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aiMigrations, buildAiOrchestrator, readAiOrchestratorConfig } from '@quotemaster/ai-orchestrator';
import type { AiOrchestrator } from '@quotemaster/ai-orchestrator';
import { DecisionService, InferenceService } from '@quotemaster/contract/ai';
import type { Decision } from '@quotemaster/contract/ai';
import { buildGateway, readGatewayConfig } from '@quotemaster/gateway';
import { systemClock } from '@quotemaster/lifecycle';
import type { Clock } from '@quotemaster/lifecycle';
import { createRedisTwin } from '@quotemaster/redis';
import type { RedisFace } from '@quotemaster/redis';
import { createRpcClient } from '@quotemaster/rpc';
import type { RpcClient, RpcClientHandle } from '@quotemaster/rpc';
import { createMemoryLog, createTestIdentity, serviceNames, startTestPostgres, testUser } from '@quotemaster/testkit';
import type { MemoryLog } from '@quotemaster/testkit';
import { startProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import type { ProviderSimulator } from '@quotemaster/testkit/provider-simulator';
import { buildUser, readUserConfig, userMigrations } from '@quotemaster/user';
import { register } from '../api.ts';

/** What one chat came to, whichever way it was asked for. */
export interface Outcome {
  readonly ok: boolean;
  readonly text: string;
  readonly provider: string;
  /** Our code over gRPC, OpenAI's over HTTP; empty where it went well. */
  readonly code: string;
  readonly decisionId: string;
  readonly tookMs: number;
  readonly retryAfterMs: number | undefined;
}

export interface AskOptions {
  readonly stream?: boolean;
  readonly model?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export type Ask = (options?: AskOptions) => Promise<Outcome>;

/** ai-orchestrator before the provider simulator, with the gateway and the user service before it. */
export interface Orchestra {
  readonly simulator: ProviderSimulator;
  /** The same chat over gRPC, and through /openai/v1 by an API key. */
  readonly faces: Readonly<Record<'gRPC' | '/openai/v1', Ask>>;
  /** Over gRPC, to one of several orchestrators. */
  askAt(index: number): Ask;
  decision(id: string): Promise<Decision>;
  /** The value of a metric of the first orchestrator; 0 where there is none. */
  metric(name: string, labels: Record<string, string>): Promise<number>;
  readonly log: MemoryLog;
  /** Calls of chat that an account has seen. */
  calls(account: string): number;
  stop(): Promise<void>;
}

export interface OrchestraOptions {
  /** Accounts of the simulator, each a provider of that name with one model. */
  readonly providers: readonly string[];
  /** What the config file says beside the providers, as YAML (JSON is YAML). */
  readonly config?: object;
  readonly clock?: Clock;
  readonly redis?: RedisFace;
  /** How many orchestrators; the gateway calls the first. */
  readonly count?: number;
}

/** Starts it, with short times so that silence is told soon. */
export async function startOrchestra(options: OrchestraOptions): Promise<Orchestra> {
  const { providers, config = {}, clock = systemClock, count = 1 } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'qm-orchestra-'));
  const simulator = await startProviderSimulator();
  const server = await startTestPostgres();
  const database = await server.createDatabase([userMigrations, aiMigrations]);
  const redis = options.redis ?? createRedisTwin({ clock });
  if (options.redis === undefined) await redis.start();
  const { identityOf, verifierOf } = createTestIdentity(serviceNames);
  const log = createMemoryLog('test');
  const { logger } = log;

  const file = join(dataDir, 'ai.json');
  await writeFile(
    file,
    JSON.stringify({
      attempts: { timeoutSeconds: 2, firstTokenSeconds: 1, stallSeconds: 1 },
      // Of equals the first: which provider a test begins with must not be luck.
      selection: { floor: 0, newSamples: 0, latencyWeight: 0, successWeight: 0 },
      hedging: { share: 0 },
      ...config,
      providers: providers.map((id) => ({
        ...{ id, kind: 'compatible', baseUrl: simulator.compatibleUrl(id) },
        models: [{ name: 'gpt-6-luna', price: { input: 0.1, output: 0.5 }, maxOutputTokens: 64 }],
      })),
    }),
  );
  const orchestrators: AiOrchestrator[] = [];
  for (let index = 0; index < count; index += 1) {
    const program = buildAiOrchestrator(readAiOrchestratorConfig({ QM_GRPC_PORT: '0', QM_DATA_DIR: dataDir, QM_AI_CONFIG: file }), {
      verifier: verifierOf('ai-orchestrator'),
      postgresUrl: database.appUrl('ai'),
      redis,
      clock,
      logger,
      // Draws and pauses of the same length each time.
      random: () => 0.5,
    });
    await program.start();
    orchestrators.push(program);
  }
  const first = orchestrators[0]!;
  const user = buildUser(readUserConfig({ QM_GRPC_PORT: '0', QM_DATA_DIR: dataDir }), {
    ...{ identity: identityOf('user'), verifier: verifierOf('user'), redis, logger, postgresUrl: database.appUrl('user') },
  });
  await user.start();
  const gateway = buildGateway(
    readGatewayConfig({
      ...{ QM_HTTP_PORT: '0', QM_DATA_DIR: dataDir, QM_USER_ADDR: user.address, QM_AI_ADDR: first.address },
      ...{ QM_RATE_GENERATE_PER_MINUTE: '100000', QM_RATE_KEY_PER_MINUTE: '100000' },
    }),
    { identity: identityOf('gateway'), redis, logger },
  );
  await gateway.start();
  const url = `http://127.0.0.1:${String(gateway.port)}`;
  const owner = await register(url, 'ada@example.org');
  const made = await owner.call('POST', '/v1/users/me/api-keys', { name: 'test', scopes: ['ai:invoke', 'quotes:read'] });
  const secret = (made.body as { secret: string }).secret;

  const actor = testUser({ scopes: ['ai:invoke', 'quotes:read'] });
  const clients: RpcClientHandle[] = [];
  const inference = orchestrators.map(({ address }) => {
    const client = createRpcClient(InferenceService, { address, callee: 'ai-orchestrator', identity: identityOf('gateway') });
    clients.push(client);
    return client;
  });
  const decisions = createRpcClient(DecisionService, {
    address: first.address,
    callee: 'ai-orchestrator',
    identity: identityOf('gateway'),
  });
  clients.push(decisions);

  return {
    simulator,
    log,
    faces: { gRPC: overRpc(inference[0]!, actor), '/openai/v1': overHttp(url, secret) },
    askAt: (index) => overRpc(inference[index]!, actor),
    async decision(id) {
      const { decision } = await decisions.getDecision({ id }, { timeoutMs: 5_000, actor: testUser({ role: 'admin' }) });
      return decision!;
    },
    async metric(name, labels) {
      const labelled = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
      const lines = (await first.metrics.registry.metrics()).split('\n');
      const found = lines.filter((one) => one.startsWith(`${name}{`) && labelled.every((label) => one.includes(label)));
      return found.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
    calls: (account) => simulator.account(account).calls.filter(({ operation }) => operation === 'chat').length,
    async stop() {
      for (const client of clients) client.close();
      await gateway.stop();
      for (const program of orchestrators) await program.stop();
      await user.stop();
      if (options.redis === undefined) await redis.stop();
      await simulator.stop();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const words = [{ role: 'user', content: 'What is a river?' }];

function overRpc(client: RpcClient<typeof InferenceService>, actor: ReturnType<typeof testUser>): Ask {
  return async ({ stream = false, model = 'auto', timeoutMs = 10_000, signal } = {}) => {
    const startedAt = performance.now();
    const options = { timeoutMs, actor, ...(signal === undefined ? {} : { signal }) };
    const seen = { text: '', provider: '', decisionId: '' };
    const outcome = (more: Partial<Outcome>): Outcome => ({
      ...{ ok: true, code: '', retryAfterMs: undefined, tookMs: performance.now() - startedAt, ...seen, ...more },
    });
    try {
      if (!stream) {
        const { text, generation } = await client.chat({ model, messages: words }, options);
        return outcome({ text, provider: generation?.provider ?? '', decisionId: generation?.decisionId ?? '' });
      }
      for await (const { event } of client.streamChat({ request: { model, messages: words } }, options)) {
        if (event.case === 'started') ({ provider: seen.provider, decisionId: seen.decisionId } = event.value);
        if (event.case === 'delta') seen.text += event.value;
      }
      return outcome({});
    } catch (error) {
      const { code, retryAfterMs, metadata } = error as { code?: string; retryAfterMs?: number; metadata?: Record<string, string> };
      return outcome({ ok: false, code: code ?? String(error), retryAfterMs, decisionId: metadata?.['decision_id'] ?? seen.decisionId });
    }
  };
}

function overHttp(url: string, secret: string): Ask {
  return async ({ stream = false, model = 'auto', signal } = {}) => {
    const startedAt = performance.now();
    const response = await fetch(`${url}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: JSON.stringify({ model, messages: words, stream }),
      signal: signal ?? null,
    });
    const body = await response.text();
    const retryAfter = response.headers.get('retry-after');
    const facts = {
      provider: response.headers.get('x-qm-provider') ?? '',
      decisionId: response.headers.get('x-qm-decision-id') ?? '',
      tookMs: performance.now() - startedAt,
      retryAfterMs: retryAfter === null ? undefined : Number(retryAfter) * 1_000,
    };
    if (!response.ok || !stream) {
      const { choices, error } = JSON.parse(body) as { choices?: { message: { content: string } }[]; error?: { code: string } };
      return { ...facts, ok: response.ok, text: choices?.[0]?.message.content ?? '', code: error?.code ?? '' };
    }
    const events = body
      .split('\n\n')
      .filter((event) => event.startsWith('data: {'))
      .map(
        (event) => JSON.parse(event.slice('data: '.length)) as { choices?: { delta: { content?: string } }[]; error?: { code: string } },
      );
    const text = events.map(({ choices }) => choices?.[0]?.delta.content ?? '').join('');
    const failure = events.find(({ error }) => error !== undefined)?.error;
    // Whoever ends well says so last, and whoever does not, does not.
    const ok = body.endsWith('data: [DONE]\n\n');
    return { ...facts, ok, text, code: failure?.code ?? (ok ? '' : 'no end') };
  };
}
