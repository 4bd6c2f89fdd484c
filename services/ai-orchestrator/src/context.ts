import { openConfiguredServiceAuth } from '@quotemaster/auth';
import type { ServiceVerifier } from '@quotemaster/auth';
import { systemClock } from '@quotemaster/lifecycle';
import type { Clock } from '@quotemaster/lifecycle';
import { createLogger, createMetrics } from '@quotemaster/observe';
import type { Logger, Metrics } from '@quotemaster/observe';
import { v7 } from 'uuid';
import type { AiOrchestratorConfig } from './config.ts';
import { createAiEvents } from './events.ts';
import type { AiEvents } from './events.ts';
import { createOfflineProvider } from './providers/offline/offline-provider.ts';
import type { Provider } from './providers/provider.ts';

/** Everything this service is made of. Handlers take the part that they need. */
export interface Context {
  readonly clock: Clock;
  /** Makes a UUIDv7. */
  newId(): string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly verifier: ServiceVerifier;
  /** In the order of preference. */
  readonly providers: readonly Provider[];
  readonly events: AiEvents;
}

/** What standalone and tests bring with them; what is absent is built from config. */
export interface AiOrchestratorDeps {
  readonly verifier?: ServiceVerifier;
  readonly clock?: Clock;
  readonly newId?: () => string;
  /** 0 up to 1; what makes answers without a seed differ. */
  readonly random?: () => number;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  readonly providers?: readonly Provider[];
}

/**
 * Builds the service's parts from config, or takes them from `deps`. Makes development keys where none are named.
 * @throws ConfigError when a key can't be read.
 */
export function createContext(config: AiOrchestratorConfig, deps: AiOrchestratorDeps = {}): Context {
  const clock = deps.clock ?? systemClock;
  const logger = deps.logger ?? createLogger({ service: 'ai-orchestrator', level: config.logLevel });
  const metrics = deps.metrics ?? createMetrics({ service: 'ai-orchestrator' });
  const providers = deps.providers ?? openProviders(deps.random ?? Math.random, logger);
  return {
    clock,
    newId: deps.newId ?? (() => v7({ msecs: clock.now() })),
    logger,
    metrics,
    verifier: deps.verifier ?? openConfiguredServiceAuth(config, { name: 'ai-orchestrator', clock, logger }).verifier,
    providers,
    events: createAiEvents(metrics, providers),
  };
}

/** Says once what will answer, so that nobody takes the composer's words for a language model's. */
function openProviders(random: () => number, logger: Logger): Provider[] {
  const offline = createOfflineProvider({ random });
  logger.info({ provider: offline.id, models: offline.models }, 'the offline composer is in use; this version has no other provider yet');
  return [offline];
}
