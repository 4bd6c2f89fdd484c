import { isAppError } from '@quotemaster/errors';
import type { Logger, Metrics } from '@quotemaster/observe';
import type { AnswerFault } from './domain/check-answer.ts';
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
  answered(logger: Logger, facts: ProviderCallFacts & { readonly textLength: number }, scores: readonly number[]): void;
  /** The provider answered, but with nothing to be used. */
  unusable(logger: Logger, facts: ProviderCallFacts & { readonly textLength: number }, fault: AnswerFault): void;
  /** The provider failed. */
  failed(logger: Logger, facts: ProviderCallFacts, error: unknown): void;
  /** Nobody waits any more: the caller went away, or the deadline passed. */
  abandoned(logger: Logger, facts: ProviderCallFacts, reason: unknown): void;
}

const scoreBuckets = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

export function createAiEvents(metrics: Metrics, providers: readonly Provider[]): AiEvents {
  const requests = metrics.counter('ai_requests_total', 'Calls of model providers, by outcome.', ['provider', 'model', 'outcome']);
  const durations = metrics.histogram('ai_request_duration_seconds', 'Time from a call of a provider to its end.', ['provider', 'model']);
  const health = metrics.gauge('ai_service_health', '1 while the last call of the provider did not fail, else 0.', ['provider']);
  const quality = metrics.histogram('ai_quality_score', 'Scores of the quotes answered, 0 to 1.', ['provider', 'model'], scoreBuckets);
  for (const { id } of providers) health.set({ provider: id }, 1);

  function count({ provider, model, durationMs }: ProviderCallFacts, outcome: string): void {
    requests.inc({ provider, model, outcome });
    durations.observe({ provider, model }, durationMs / 1_000);
  }

  return {
    answered(logger, facts, scores) {
      count(facts, 'ok');
      health.set({ provider: facts.provider }, 1);
      for (const score of scores) quality.observe({ provider: facts.provider, model: facts.model }, score);
      logger.info({ ...facts, quotes: scores.length }, 'a provider answered');
    },
    unusable(logger, facts, fault) {
      count(facts, 'unusable');
      health.set({ provider: facts.provider }, 1);
      logger.warn({ ...facts, fault }, "a provider's answer was unusable");
    },
    failed(logger, facts, error) {
      count(facts, 'failed');
      health.set({ provider: facts.provider }, 0);
      logger.error({ ...facts, err: error }, 'a provider failed');
    },
    abandoned(logger, facts, reason) {
      count(facts, 'abandoned');
      logger.info({ ...facts, code: isAppError(reason) ? reason.code : 'unknown' }, 'a call of a provider was given up');
    },
  };
}
