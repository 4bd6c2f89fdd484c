import { generateKeyPairSync } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import type { DescMethod, DescMethodServerStreaming, DescMethodUnary, DescService, Message } from '@bufbuild/protobuf';
import { createAccessTokenSigner, sessionScopes, toPublicJwk } from '@quotemaster/auth';
import type { AccessTokenSigner, Principal, SigningKeys } from '@quotemaster/auth';
import { DecisionService, InferenceService, ProviderService } from '@quotemaster/contract/ai';
import { QuoteService } from '@quotemaster/contract/quote';
import {
  AdminService,
  ApiKeyService,
  AuthService,
  MfaService,
  OAuthService,
  PasskeyService,
  UserService,
} from '@quotemaster/contract/user';
import { systemClock } from '@quotemaster/lifecycle';
import type { Clock } from '@quotemaster/lifecycle';
import { createMetrics } from '@quotemaster/observe';
import type { Metrics } from '@quotemaster/observe';
import { createRedisTwin } from '@quotemaster/redis';
import type { RedisFace } from '@quotemaster/redis';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcCall, RpcHandler } from '@quotemaster/rpc';
import { createMemoryLog, createTestIdentity, serviceNames, startTestRpc } from '@quotemaster/testkit';
import type { MemoryLog, TestRpc } from '@quotemaster/testkit';
import { buildGateway, readGatewayConfig } from '../../src/index.ts';
import type { Gateway, GatewayConfig } from '../../src/index.ts';

export const userId = '01900000-0000-7000-8000-000000000001';
export const sessionId = '01900000-0000-7000-8000-0000000000aa';

type Answer = (request: any, call: RpcCall) => unknown;

/** A gateway on a free port, with stand-ins behind it whose answers a test decides. */
export interface Edge {
  readonly url: string;
  readonly gateway: Gateway;
  readonly log: MemoryLog;
  readonly metrics: Metrics;
  readonly redis: RedisFace;
  readonly user: TestRpc;
  readonly quote: TestRpc;
  /** Decides what an RPC answers, by its name; an async generator for streams. */
  on(method: string, answer: Answer): void;
  /** Calls of RPCs in the order they came, but for what the gateway asks user about tokens. */
  readonly calls: { method: string; request: any; call: RpcCall }[];
  /** An access token, and one's own sessions as user knows them. */
  token(principal?: Partial<Principal>): string;
  readonly sessions: Map<string, { active: boolean; userId: string; role: string }>;
  /** A signer with the right key and whatever else a test wants of it. */
  signerWith(options: { issuer?: string; audience?: string; clock?: { now(): number } }): AccessTokenSigner;
  request(
    method: string,
    path: string,
    options?: { body?: unknown; raw?: string | Uint8Array; headers?: Record<string, string>; token?: string | false },
  ): Promise<Answered>;
  stop(): Promise<void>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: any;
}

/** Starts it. `env` goes over the defaults, and `config` over what is read of them. */
export async function startEdge(
  options: { env?: Record<string, string>; config?: Partial<GatewayConfig>; redis?: RedisFace; clock?: Clock } = {},
): Promise<Edge> {
  const answers = new Map<string, Answer>();
  const calls: Edge['calls'] = [];
  const identities = createTestIdentity(serviceNames);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = toPublicJwk(privateKey);
  const keys: SigningKeys = { current: () => ({ key: privateKey, kid: jwk.kid }), jwks: () => [jwk] };
  const signerWith: Edge['signerWith'] = (options) => createAccessTokenSigner({ keys, ...options });
  const signer = signerWith({});
  const sessions: Edge['sessions'] = new Map([[sessionId, { active: true, userId, role: 'user' }]]);

  const standIns = (...services: DescService[]): RpcHandler[] =>
    services.flatMap((service) => service.methods.map((method) => standIn(method, answers, calls)));
  const user = await startTestRpc(
    'user',
    standIns(AuthService, UserService, AdminService, ApiKeyService, MfaService, OAuthService, PasskeyService),
    { identities },
  );
  const quote = await startTestRpc('quote', standIns(QuoteService), { identities });
  const ai = await startTestRpc('ai-orchestrator', standIns(DecisionService, InferenceService, ProviderService), { identities });
  answers.set('GetJwks', () => ({ keys: [{ ...jwk, alg: 'ES256', use: 'sig' }] }));
  answers.set('CheckSession', ({ sessionId: id }: { sessionId: string }) => sessions.get(id) ?? { active: false });

  const redis = options.redis ?? createRedisTwin({ clock: options.clock ?? systemClock });
  const log = createMemoryLog('gateway');
  const metrics = createMetrics({ service: 'gateway' });
  const stopStandIns = async (): Promise<void> => {
    await user.stop();
    await quote.stop();
    await ai.stop();
  };
  const build = (): Gateway =>
    buildGateway(
      {
        ...readGatewayConfig({
          QM_HTTP_PORT: '0',
          QM_USER_ADDR: user.server.address,
          QM_QUOTE_ADDR: quote.server.address,
          QM_AI_ADDR: ai.server.address,
          QM_PUBLIC_URL: 'https://quotes.example.org',
          ...options.env,
        }),
        ...options.config,
      },
      {
        redis,
        identity: identities.identityOf('gateway'),
        logger: log.logger,
        metrics,
        ...(options.clock === undefined ? {} : { clock: options.clock }),
      },
    );
  let gateway: Gateway;
  try {
    gateway = build();
    await gateway.start();
  } catch (error) {
    await stopStandIns();
    throw error;
  }
  const url = `http://127.0.0.1:${String(gateway.port)}`;
  const token = (principal: Partial<Principal> = {}): string =>
    signer.sign({ userId, role: 'user', scopes: sessionScopes, sessionId, ...principal }).token;

  return {
    url,
    gateway,
    log,
    metrics,
    redis,
    user,
    quote,
    on: (method, answer) => answers.set(method, answer),
    calls,
    token,
    sessions,
    signerWith,
    async request(method, path, { body, raw, headers = {}, token: own } = {}) {
      const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
          ...(own === false ? {} : { authorization: `Bearer ${own ?? token()}` }),
          ...headers,
        },
        ...(payload === undefined ? {} : { body: payload as any }),
        redirect: 'manual',
        signal: AbortSignal.timeout(10_000),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, text, body: isJson && text !== '' ? JSON.parse(text) : undefined };
    },
    async stop() {
      await gateway.stop();
      await stopStandIns();
    },
  };
}

function standIn(method: DescMethod, answers: Map<string, Answer>, calls: Edge['calls']): RpcHandler {
  if (method.methodKind === 'server_streaming') {
    return handleRpc(
      method as DescMethodServerStreaming,
      async function* (request: Message, call: RpcCall) {
        calls.push({ method: method.name, request, call });
        const steps = answers.get(method.name)?.(request, call) as AsyncIterable<object> | undefined;
        if (steps !== undefined) for await (const step of steps) yield step as never;
      } as never,
    );
  }
  const isAboutTokens = ['GetJwks', 'CheckSession', 'ResolveApiKey'].includes(method.name);
  return handleRpc(
    method as DescMethodUnary,
    (async (request: Message, call: RpcCall) => {
      if (!isAboutTokens || call.client !== undefined) calls.push({ method: method.name, request, call });
      return (await answers.get(method.name)?.(request, call)) ?? create(method.output);
    }) as never,
  );
}
