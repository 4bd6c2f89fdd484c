import { openConfiguredServiceAuth } from '@quotemaster/auth';
import type { ServiceIdentity, ServiceVerifier } from '@quotemaster/auth';
import type { Secret } from '@quotemaster/config';
import { systemClock } from '@quotemaster/lifecycle';
import type { Clock } from '@quotemaster/lifecycle';
import { createLogger, createMetrics } from '@quotemaster/observe';
import type { Logger, Metrics } from '@quotemaster/observe';
import { createPageTokens, createPostgres } from '@quotemaster/postgres';
import type { PageTokens, Postgres } from '@quotemaster/postgres';
import { createRedis } from '@quotemaster/redis';
import type { RedisFace } from '@quotemaster/redis';
import { openVault } from '@quotemaster/vault';
import type { Vault } from '@quotemaster/vault';
import { v7 } from 'uuid';
import { createAiClient } from './clients/ai.ts';
import type { AiClient } from './clients/ai.ts';
import { developmentEncryptionKeyFile, requireStores } from './config.ts';
import type { QuoteConfig } from './config.ts';
import { createQuoteEvents } from './events.ts';
import type { QuoteEvents } from './events.ts';
import { createQuoteStore } from './store/quote-store.ts';
import type { QuoteStore } from './store/quote-store.ts';
import { createTraceStore } from './store/trace-store.ts';
import type { TraceStore } from './store/trace-store.ts';

/** Everything this service is made of. Handlers take the part that they need. */
export interface Context {
  readonly clock: Clock;
  /** Makes a UUIDv7. */
  newId(): string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly postgres: Postgres;
  readonly redis: RedisFace;
  /** False where `redis` was brought. */
  readonly ownsRedis: boolean;
  readonly verifier: ServiceVerifier;
  readonly config: Pick<QuoteConfig, 'degradedAnswers'>;
  readonly ai: AiClient;
  readonly quotes: QuoteStore;
  readonly traces: TraceStore;
  readonly pageTokens: PageTokens;
  readonly events: QuoteEvents;
}

/** What standalone and tests bring with them; what is absent is built from config. */
export interface QuoteDeps {
  /** Started and stopped by whoever brings it. */
  readonly redis?: RedisFace;
  readonly identity?: ServiceIdentity;
  readonly verifier?: ServiceVerifier;
  readonly clock?: Clock;
  readonly newId?: () => string;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  readonly postgresUrl?: Secret;
}

/**
 * Builds the service's parts from config, or takes them from `deps`. Opens no connection; makes development keys where
 * none are named.
 * @throws ConfigError when a store is neither configured nor brought, or a key can't be read.
 */
export function createContext(config: QuoteConfig, deps: QuoteDeps = {}): Context {
  requireStores(config, { postgres: deps.postgresUrl !== undefined, redis: deps.redis !== undefined });
  const clock = deps.clock ?? systemClock;
  const logger = deps.logger ?? createLogger({ service: 'quote', level: config.logLevel });
  const metrics = deps.metrics ?? createMetrics({ service: 'quote' });
  const postgres = openPostgres(config, deps, logger, metrics);
  const { identity, verifier } = openAuth(config, deps, clock, logger);
  const vault = openConfiguredVault(config);
  return {
    clock,
    newId: deps.newId ?? (() => v7({ msecs: clock.now() })),
    logger,
    metrics,
    postgres,
    redis: deps.redis ?? openRedis(config, logger, metrics),
    ownsRedis: deps.redis === undefined,
    verifier,
    config,
    ai: createAiClient({ address: config.aiAddress, identity, metrics }),
    quotes: createQuoteStore(postgres.db),
    traces: createTraceStore(),
    pageTokens: createPageTokens(() => vault.derive('quote/page-token/1')),
    events: createQuoteEvents(metrics),
  };
}

function openPostgres(config: QuoteConfig, deps: QuoteDeps, logger: Logger, metrics: Metrics): Postgres {
  const { url, ...limits } = config.postgres;
  const address = deps.postgresUrl ?? url;
  if (address === undefined) throw new Error('requireStores has let a service without a database pass');
  return createPostgres({ ...limits, url: address, service: 'quote', schema: 'quote', logger, metrics });
}

function openRedis({ redis }: QuoteConfig, logger: Logger, metrics: Metrics): RedisFace {
  if (redis === undefined) throw new Error('requireStores has let a service without Redis pass');
  return createRedis({ ...redis, logger, metrics });
}

function openAuth(
  config: QuoteConfig,
  deps: QuoteDeps,
  clock: Clock,
  logger: Logger,
): { identity: ServiceIdentity; verifier: ServiceVerifier } {
  const { identity, verifier } = deps;
  if (identity !== undefined && verifier !== undefined) return { identity, verifier };
  const opened = openConfiguredServiceAuth(config, { name: 'quote', clock, logger });
  return { identity: identity ?? opened.identity, verifier: verifier ?? opened.verifier };
}

function openConfiguredVault({ encryptionKeyFile, dataDir }: QuoteConfig): Vault {
  return encryptionKeyFile === undefined
    ? openVault({ file: developmentEncryptionKeyFile(dataDir), create: true })
    : openVault({ file: encryptionKeyFile });
}
