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
import { createProvider } from './providers/create-provider.ts';
import { createOfflineProvider } from './providers/offline/offline-provider.ts';
import type { Provider } from './providers/provider.ts';
import { createCandidates } from './selection/candidates.ts';
import type { Candidates } from './selection/candidates.ts';

/** Everything this service is made of. Handlers take the part that they need. */
export interface Context {
  readonly clock: Clock;
  /** Makes a UUIDv7. */
  newId(): string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly verifier: ServiceVerifier;
  readonly config: Pick<AiOrchestratorConfig, 'ai'>;
  readonly candidates: Candidates;
  /** 0 up to 1. */
  random(): number;
  readonly events: AiEvents;
}

/** What standalone and tests bring with them; what is absent is built from config. */
export interface AiOrchestratorDeps {
  readonly verifier?: ServiceVerifier;
  readonly clock?: Clock;
  readonly newId?: () => string;
  /** 0 up to 1; what makes the composer's answers without a seed, and waits, differ. */
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
  const random = deps.random ?? Math.random;
  const providers = deps.providers ?? openProviders(config, random, logger);
  const events = createAiEvents(metrics, providers);
  return {
    clock,
    newId: deps.newId ?? (() => v7({ msecs: clock.now() })),
    logger,
    metrics,
    verifier: deps.verifier ?? openConfiguredServiceAuth(config, { name: 'ai-orchestrator', clock, logger }).verifier,
    config,
    candidates: createCandidates({
      providers,
      config: config.ai,
      clock,
      onBreaker: ({ provider, model }, state) => events.breakerChanged(logger, { provider: provider.id, model: model.name }, state),
    }),
    random,
    events,
  };
}

/**
 * Creates the configured providers, and says once who they are. Where none of them writes, the composer does; that is said
 * too, so that nobody takes its words for a language model's.
 */
function openProviders(config: AiOrchestratorConfig, random: () => number, logger: Logger): readonly Provider[] {
  const providers = config.ai.providers.map(createProvider);
  for (const { id, models } of providers) logger.info({ provider: id, models: models.map(({ name }) => name) }, 'a provider is in use');
  if (providers.some(({ complete }) => complete !== undefined)) return providers;
  const offline = createOfflineProvider({ random });
  logger.info(
    { provider: offline.id, models: offline.models.map(({ name }) => name) },
    'the offline composer is in use; set OPENAI_API_KEY, ANTHROPIC_API_KEY, AZURE_OPENAI_API_KEY or QM_AI_CONFIG to use a language model',
  );
  return [...providers, offline];
}
