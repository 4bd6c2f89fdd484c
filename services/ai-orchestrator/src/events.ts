import { isAppError } from '@quotemaster/errors';
import type { Logger, Metrics } from '@quotemaster/observe';
import type { BreakerState } from './domain/breaker.ts';
import { consequences } from './domain/outcome.ts';
import type { Outcome } from './domain/outcome.ts';
import type { Provider } from './providers/provider.ts';

/** One call of a provider, as log lines and metrics tell of it. */
export interface ProviderCallFacts {
  readonly provider: string;
  readonly model: string;
  readonly durationMs: number;
}

/** What happens to calls of providers, each a log line and a count together. Never a word of a prompt or an answer. */
export interface AiEvents {
  /** The answer was good; `scores` are those of its quotes. */
  answered(logger: Logger, facts: ProviderCallFacts, scores: readonly number[]): void;
  /** The provider failed, or answered with nothing to be used; then there is no error. */
  failed(logger: Logger, facts: ProviderCallFacts, outcome: Outcome, error: unknown): void;
  /** Nobody waits any more: the caller went away, or the deadline passed. */
  abandoned(logger: Logger, facts: ProviderCallFacts, reason: unknown): void;
  /** A breaker changed its state. */
  breakerChanged(logger: Logger, key: { readonly provider: string; readonly model: string }, state: BreakerState['kind']): void;
}

const scoreBuckets = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const breakerLevels: Readonly<Record<BreakerState['kind'], number>> = { closed: 0, half_open: 1, open: 2 };

export function createAiEvents(metrics: Metrics, providers: readonly Provider[]): AiEvents {
  const requests = metrics.counter('ai_requests_total', 'Calls of model providers, by outcome.', ['provider', 'model', 'outcome']);
  const durations = metrics.histogram('ai_request_duration_seconds', 'Time from a call of a provider to its end.', ['provider', 'model']);
  const health = metrics.gauge('ai_service_health', '1 while the last call of the provider did not fail, else 0.', ['provider']);
  const breaker = metrics.gauge('ai_breaker_state', '0 closed, 1 half-open, 2 open.', ['provider', 'model']);
  const quality = metrics.histogram('ai_quality_score', 'Scores of the quotes answered, 0 to 1.', ['provider', 'model'], scoreBuckets);
  for (const { id, models } of providers) {
    health.set({ provider: id }, 1);
    for (const { name, operation } of models) if (operation === 'chat') breaker.set({ provider: id, model: name }, 0);
  }

  function count({ provider, model, durationMs }: ProviderCallFacts, outcome: Outcome): void {
    requests.inc({ provider, model, outcome });
    durations.observe({ provider, model }, durationMs / 1_000);
    const { verdict } = consequences[outcome];
    if (verdict !== 'none') health.set({ provider }, verdict === 'good' ? 1 : 0);
  }

  return {
    answered(logger, facts, scores) {
      count(facts, 'ok');
      for (const score of scores) quality.observe({ provider: facts.provider, model: facts.model }, score);
      logger.info({ ...facts, quotes: scores.length }, 'a provider answered');
    },
    failed(logger, facts, outcome, error) {
      count(facts, outcome);
      if (error === undefined) logger.warn({ ...facts, outcome }, "a provider's answer was unusable");
      else logger.error({ ...facts, outcome, err: error }, 'a provider failed');
    },
    abandoned(logger, facts, reason) {
      count(facts, 'abandoned');
      logger.info({ ...facts, code: isAppError(reason) ? reason.code : 'unknown' }, 'a call of a provider was given up');
    },
    breakerChanged(logger, { provider, model }, state) {
      breaker.set({ provider, model }, breakerLevels[state]);
      logger.warn({ provider, model, state }, 'a circuit breaker changed its state');
    },
  };
}
