import { createAccessTokenVerifier, openConfiguredServiceAuth } from '@quotemaster/auth';
import type { ServiceIdentity } from '@quotemaster/auth';
import { contractServices } from '@quotemaster/contract';
import { InferenceService } from '@quotemaster/contract/ai';
import { ApiKeyService, AuthService, OAuthService } from '@quotemaster/contract/user';
import { systemClock } from '@quotemaster/lifecycle';
import type { Clock } from '@quotemaster/lifecycle';
import { createLogger, createMetrics } from '@quotemaster/observe';
import type { Logger, Metrics } from '@quotemaster/observe';
import { createRedis, createTwinLimiter } from '@quotemaster/redis';
import type { RedisFace } from '@quotemaster/redis';
import { createRpcClient } from '@quotemaster/rpc';
import type { RpcClient } from '@quotemaster/rpc';
import { v7 as uuidv7 } from 'uuid';
import { createBackends } from './clients/backends.ts';
import type { Backends } from './clients/backends.ts';
import { requireRedis } from './config.ts';
import { createEventRoom } from './events/event-room.ts';
import type { EventRoom } from './events/event-room.ts';
import type { GatewayConfig } from './config.ts';
import { createAdmission } from './http/admission.ts';
import type { Admission } from './http/admission.ts';
import { createAuthenticate } from './http/authenticate.ts';
import type { Authenticate } from './http/authenticate.ts';
import { createBrowserSession } from './http/browser-session.ts';
import type { BrowserSession } from './http/browser-session.ts';
import { createRateLimit } from './http/rate-limit.ts';
import type { RateLimit } from './http/rate-limit.ts';
import { createApiKeyChecks } from './sessions/api-key-checks.ts';
import { createSessionChecks } from './sessions/session-checks.ts';
import { createSessionEvents } from './sessions/session-events.ts';

/** What standalone and tests may bring; what is absent is built from config. */
export interface GatewayDeps {
  /** Started and stopped by whoever brings it. */
  readonly redis?: RedisFace;
  readonly identity?: ServiceIdentity;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

/** Everything the gateway is made of. */
export interface Context {
  readonly config: GatewayConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly newId: () => string;
  readonly redis: RedisFace;
  /** False where `redis` was brought. */
  readonly ownsRedis: boolean;
  readonly clock: Clock;
  readonly backends: Backends;
  readonly authenticate: Authenticate;
  readonly admission: Admission;
  readonly rateLimit: RateLimit;
  readonly browserSession: BrowserSession;
  readonly events: EventRoom;
  /** For the redirects of sign-ins through other providers. */
  readonly oauth: RpcClient<typeof OAuthService>;
  /** For what is served in OpenAI's wire format. */
  readonly inference: RpcClient<typeof InferenceService>;
  /** News of ended sessions. */
  readonly sessionEvents: ReturnType<typeof createSessionEvents>;
  close(): void;
}

const askUserTimeoutMs = 2_000;

/**
 * Builds the gateway's parts. Opens no connection.
 * @throws ConfigError when Redis is neither configured nor brought, or a key can't be read.
 */
export function createContext(config: GatewayConfig, deps: GatewayDeps): Context {
  const logger = deps.logger ?? createLogger({ service: 'gateway', level: config.logLevel });
  const metrics = deps.metrics ?? createMetrics({ service: 'gateway' });
  const clock = deps.clock ?? systemClock;
  const redis = deps.redis ?? createRedis({ ...requireRedis(config), logger, metrics });
  const identity = deps.identity ?? openConfiguredServiceAuth(config, { name: 'gateway', clock, logger }).identity;
  const backends = createBackends({ services: contractServices, addresses: config.backends, identity, metrics });

  const toUser = { address: config.backends['user'] ?? '', callee: 'user', identity, metrics };
  const auth = createRpcClient(AuthService, toUser);
  const keys = createRpcClient(ApiKeyService, toUser);
  const oauth = createRpcClient(OAuthService, toUser);
  const inference = createRpcClient(InferenceService, {
    address: config.backends['ai-orchestrator'] ?? '',
    callee: 'ai-orchestrator',
    identity,
    metrics,
  });
  const ask = { timeoutMs: askUserTimeoutMs, actor: { kind: 'none' } } as const;
  const sessions = createSessionChecks({
    ask: (sessionId) => auth.checkSession({ sessionId }, ask),
    busIsHealthy: () => redis.bus.healthy(),
    clock,
  });
  const apiKeys = createApiKeyChecks({ ask: (secretHash) => keys.resolveApiKey({ secretHash }, ask), clock });
  const verifier = createAccessTokenVerifier({ jwks: async () => (await auth.getJwks({}, ask)).keys, clock });

  return {
    config,
    logger,
    metrics,
    newId: uuidv7,
    redis,
    ownsRedis: deps.redis === undefined,
    clock,
    backends,
    authenticate: createAuthenticate({ verifier, sessions, apiKeys }),
    admission: createAdmission({ inFlightMax: config.inFlightMax, delayMaxMs: config.loopDelayMaxMs, logger, metrics }),
    rateLimit: createRateLimit({ limiter: redis.limiter, local: createTwinLimiter(clock), rates: config.rates, clock, logger, metrics }),
    browserSession: createBrowserSession({
      origins: [new URL(config.publicUrl).origin, ...config.corsOrigins],
      publicUrl: config.publicUrl,
    }),
    events: createEventRoom({ ...config, metrics }),
    sessionEvents: createSessionEvents(redis.bus, sessions, apiKeys),
    oauth,
    inference,
    close: () => {
      for (const client of [auth, keys, oauth, inference]) client.close();
      backends.close();
    },
  };
}
