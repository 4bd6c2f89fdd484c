import { openConfiguredServiceAuth } from '@quotemaster/auth';
import type { ServiceVerifier } from '@quotemaster/auth';
import type { Secret } from '@quotemaster/config';
import { systemClock } from '@quotemaster/lifecycle';
import type { Clock } from '@quotemaster/lifecycle';
import { createLogger, createMetrics } from '@quotemaster/observe';
import type { Logger, Metrics } from '@quotemaster/observe';
import { createPostgres } from '@quotemaster/postgres';
import type { Postgres } from '@quotemaster/postgres';
import { createRedis } from '@quotemaster/redis';
import type { RedisFace } from '@quotemaster/redis';
import { v7 } from 'uuid';
import { createLiveConfig } from './ai-config/live-config.ts';
import type { LiveConfig } from './ai-config/live-config.ts';
import { requireStores } from './config.ts';
import type { AiOrchestratorConfig } from './config.ts';
import { createHedgeBudget } from './domain/hedge-budget.ts';
import type { HedgeBudget } from './domain/hedge-budget.ts';
import { createAiEvents } from './events.ts';
import type { AiEvents } from './events.ts';
import { createDecisionLog } from './jobs/decision-log.ts';
import type { DecisionLog } from './jobs/decision-log.ts';
import { createHealthMonitor } from './jobs/health-monitor.ts';
import type { HealthMonitor } from './jobs/health-monitor.ts';
import { createOfflineProvider } from './providers/offline/offline-provider.ts';
import type { Provider } from './providers/provider.ts';
import { defaultTraffic } from './providers/settings.ts';
import { openProviders } from './selection/open-providers.ts';
import { createPool } from './selection/pool.ts';
import type { Pool } from './selection/pool.ts';
import { createTrials } from './selection/trials.ts';
import { createDecisionStore } from './store/decision-store.ts';
import type { DecisionStore } from './store/decision-store.ts';
import { createOverrideStore } from './store/override-store.ts';
import type { OverrideStore } from './store/override-store.ts';

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
  readonly aiConfig: LiveConfig;
  readonly pool: Pool;
  readonly hedgeBudget: HedgeBudget;
  readonly decisions: DecisionLog;
  readonly decisionStore: DecisionStore;
  readonly overrides: OverrideStore;
  readonly health: HealthMonitor;
  /** 0 up to 1. */
  random(): number;
  readonly events: AiEvents;
}

/** What standalone and tests bring with them; what is absent is built from config. */
export interface AiOrchestratorDeps {
  /** Started and stopped by whoever brings it. */
  readonly redis?: RedisFace;
  readonly postgresUrl?: Secret;
  readonly verifier?: ServiceVerifier;
  readonly clock?: Clock;
  readonly newId?: () => string;
  /** 0 up to 1; what makes choices, waits and the composer's answers without a seed differ. */
  readonly random?: () => number;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  /** In place of those that config names, and of the composer. */
  readonly providers?: readonly Provider[];
}

/**
 * Builds the service's parts from config, or takes them from `deps`. Opens no connection; makes development keys where none are
 * named.
 * @throws ConfigError when a store is neither configured nor brought, or a key can't be read.
 */
export function createContext(config: AiOrchestratorConfig, deps: AiOrchestratorDeps = {}): Context {
  requireStores(config, { postgres: deps.postgresUrl !== undefined, redis: deps.redis !== undefined });
  const clock = deps.clock ?? systemClock;
  const logger = deps.logger ?? createLogger({ service: 'ai-orchestrator', level: config.logLevel });
  const metrics = deps.metrics ?? createMetrics({ service: 'ai-orchestrator' });
  const random = deps.random ?? Math.random;
  const postgres = openPostgres(config, deps, logger, metrics);
  const redis = deps.redis ?? openRedis(config, logger, metrics);
  const events = createAiEvents(metrics);
  const composer = createOfflineProvider({ random });
  const brought = deps.providers?.map((provider) => ({ provider, traffic: defaultTraffic }));
  const pool = createPool({
    providers: brought ?? openProviders(config.ai.providers, composer, logger),
    reserve: composer,
    config: config.ai,
    clock,
    trials: createTrials({ redis, logger, metrics }),
    onBreaker: (member, state) => events.breakerChanged(logger, member, state),
  });
  const aiConfig = createLiveConfig({
    initial: config.ai,
    source: config.aiSource,
    clock,
    logger,
    metrics,
    onChange: (next) => pool.update(brought ?? openProviders(next.providers, composer, logger), next),
  });
  const decisionStore = createDecisionStore(postgres.db);
  return {
    clock,
    newId: deps.newId ?? (() => v7({ msecs: clock.now() })),
    logger,
    metrics,
    postgres,
    redis,
    ownsRedis: deps.redis === undefined,
    verifier: deps.verifier ?? openConfiguredServiceAuth(config, { name: 'ai-orchestrator', clock, logger }).verifier,
    aiConfig,
    pool,
    hedgeBudget: createHedgeBudget(() => aiConfig.current().hedging),
    decisions: createDecisionLog({ store: decisionStore, clock, logger, metrics }),
    decisionStore,
    overrides: createOverrideStore(postgres.db),
    health: createHealthMonitor({ pool, clock, logger, metrics }),
    random,
    events,
  };
}

function openPostgres(config: AiOrchestratorConfig, deps: AiOrchestratorDeps, logger: Logger, metrics: Metrics): Postgres {
  const { url, ...limits } = config.postgres;
  const address = deps.postgresUrl ?? url;
  if (address === undefined) throw new Error('requireStores has let a service without a database pass');
  return createPostgres({ ...limits, url: address, service: 'ai', schema: 'ai', logger, metrics });
}

function openRedis({ redis }: AiOrchestratorConfig, logger: Logger, metrics: Metrics): RedisFace {
  if (redis === undefined) throw new Error('requireStores has let a service without Redis pass');
  return createRedis({ ...redis, logger, metrics });
}
