import { isAppError } from '@quotemaster/errors';
import type { Logger, Metrics } from '@quotemaster/observe';
import type { BreakerState } from './domain/breaker.ts';
import type { AttemptRecord, ChoiceRecord, Decision } from './domain/decision.ts';
import { ProviderError } from './providers/provider-error.ts';
import type { Member } from './selection/pool.ts';

/** What happens to calls of providers, each a log line and a count together. Never a word of a prompt or an answer. */
export interface AiEvents {
  /** A candidate was chosen. */
  chosen(choice: ChoiceRecord): void;
  /** A call of a provider has ended; `scores` are those of its quotes, `error` what it failed with. */
  attempted(logger: Logger, operation: Decision['operation'], attempt: AttemptRecord, scores: readonly number[], error: unknown): void;
  /** A breaker changed its state. */
  breakerChanged(logger: Logger, member: Member, state: BreakerState['kind']): void;
}

const scoreBuckets = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const breakerLevels: Readonly<Record<BreakerState['kind'], number>> = { closed: 0, half_open: 1, open: 2 };

export function createAiEvents(metrics: Metrics): AiEvents {
  const model = ['provider', 'model'] as const;
  const choices = metrics.counter('ai_choices_total', 'Times that a model was chosen, by why.', [...model, 'why']);
  const requests = metrics.counter('ai_requests_total', 'Calls of model providers, by outcome.', [...model, 'outcome']);
  const attempts = metrics.counter('ai_attempts_total', 'Calls of model providers, by what they were for.', [...model, 'purpose']);
  const hedges = metrics.counter('ai_hedges_total', 'Calls that got a second one beside them, and how the second ended.', [
    ...model,
    'outcome',
  ]);
  const durations = metrics.histogram('ai_request_duration_seconds', 'Time from a call of a provider to its end.', model);
  const firstTokens = metrics.histogram('ai_first_token_seconds', 'Time from a streamed call of a provider to its first token.', model);
  const breaker = metrics.gauge('ai_breaker_state', '0 closed, 1 half-open, 2 open.', model);
  const breakerChanges = metrics.counter('ai_breaker_changes_total', 'Changes of circuit breakers, by the state that came.', [
    ...model,
    'state',
  ]);
  const quality = metrics.histogram('ai_quality_score', 'Scores of the quotes answered, 0 to 1.', model, scoreBuckets);
  const cost = metrics.counter('ai_cost_usd_total', 'US dollars that providers charge.', model);
  // The names of OpenTelemetry's conventions for generative AI, as Prometheus writes them.
  const genAi = ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_request_model'] as const;
  const genAiDurations = metrics.histogram('gen_ai_client_operation_duration_seconds', 'Time from a call of a provider to its end.', genAi);
  const genAiTokens = metrics.counter('gen_ai_client_token_usage_total', 'Tokens read and written.', [...genAi, 'gen_ai_token_type']);

  return {
    chosen({ chosen, why }) {
      const [provider, name] = splitKey(chosen);
      choices.inc({ provider, model: name, why });
    },
    attempted(logger, operation, attempt, scores, error) {
      const { provider, purpose, outcome, durationMs, firstTokenMs, usage } = attempt;
      const labels = { provider, model: attempt.model };
      requests.inc({ ...labels, outcome });
      attempts.inc({ ...labels, purpose });
      if (purpose === 'hedge') hedges.inc({ ...labels, outcome });
      durations.observe(labels, durationMs / 1_000);
      if (firstTokenMs !== undefined) firstTokens.observe(labels, firstTokenMs / 1_000);
      for (const score of scores) quality.observe(labels, score);
      cost.inc(labels, Number(usage.costMicroUsd) / 1_000_000);
      const names = { gen_ai_operation_name: operation, gen_ai_provider_name: provider, gen_ai_request_model: attempt.model };
      genAiDurations.observe(names, durationMs / 1_000);
      genAiTokens.inc({ ...names, gen_ai_token_type: 'input' }, usage.inputTokens);
      genAiTokens.inc({ ...names, gen_ai_token_type: 'output' }, usage.outputTokens);
      tell(logger, attempt, scores.length, error);
    },
    breakerChanged(logger, { provider, model: { name } }, state) {
      breaker.set({ provider: provider.id, model: name }, breakerLevels[state]);
      breakerChanges.inc({ provider: provider.id, model: name, state });
      logger.warn({ provider: provider.id, model: name, state }, 'a circuit breaker changed its state');
    },
  };
}

function tell(logger: Logger, { provider, model, purpose, outcome, durationMs }: AttemptRecord, quotes: number, error: unknown): void {
  const facts = { provider, model, purpose, outcome, durationMs };
  switch (outcome) {
    case 'ok':
    case 'cut':
      logger.info({ ...facts, quotes }, 'a provider answered');
      break;
    case 'abandoned':
      logger.info({ ...facts, code: isAppError(error) ? error.code : 'unknown' }, 'a call of a provider was given up');
      break;
    case 'lost':
      logger.info(facts, 'another call was quicker');
      break;
    default:
      if (error === undefined) logger.warn(facts, "a provider's answer was unusable");
      // What the provider says of a refusal may repeat the prompt: its own words stay out.
      else if (error instanceof ProviderError) logger.warn({ ...facts, status: error.status, reason: error.message }, 'a provider failed');
      else logger.error({ ...facts, err: error }, 'a provider failed');
  }
}

function splitKey(key: string): [string, string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}
