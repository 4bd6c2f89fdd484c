import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { aiErrors } from '@quotemaster/contract/ai';
import type { CompleteRequest, CompleteResponseSchema } from '@quotemaster/contract/ai';
import { AppError } from '@quotemaster/errors';
import { withSpan } from '@quotemaster/observe';
import type { RpcCall } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { checkAnswer } from '../domain/check-answer.ts';
import type { Outcome } from '../domain/outcome.ts';
import { scoreAnswer } from '../domain/score-answer.ts';
import type { ScoredQuote } from '../domain/score-answer.ts';
import { sumUsage } from '../domain/sum-usage.ts';
import { ProviderError } from '../providers/provider-error.ts';
import type { ProviderUsage } from '../providers/provider.ts';
import { callProvider } from './call-provider.ts';
import type { Candidate } from '../selection/candidates.ts';
import type { AskedRequest, CallResult, PutRequest } from './call-provider.ts';
import { toAppError } from './to-app-error.ts';
import { toProviderRequest } from './to-provider-request.ts';
import { createTries } from './tries.ts';

export type Completion = MessageInitShape<typeof CompleteResponseSchema>;

/** How a face of this flow asks, and whether it may ask again after a failure. */
export interface Asking {
  readonly put: PutRequest;
  readonly mayAskAgain: () => boolean;
}

export type AnswerContext = Pick<Context, 'candidates' | 'config' | 'events' | 'clock' | 'newId' | 'random'>;

/** One call of a provider, judged. */
type Judged =
  | { readonly outcome: 'ok'; readonly quotes: readonly ScoredQuote[] }
  | { readonly outcome: Exclude<Outcome, 'ok'>; readonly error: unknown };

/**
 * Answers a request: chooses a provider, calls it, checks the answer, takes the quotes out of it and scores them. The flow
 * behind Complete and StreamComplete, which differ in `asking`.
 *
 * A failure that another call may mend is put to another provider where there is one, else to the same, at most
 * `config.ai.attempts.max` calls in all. Each further call takes the next seed, for the same one would bring the same
 * answer; what all of them used is charged.
 * @throws AppError of ai, or the signal's reason.
 */
export function answer(context: AnswerContext, request: CompleteRequest, call: RpcCall, asking: Asking): Promise<Completion> {
  return withSpan('ai.complete', { 'ai.count': request.brief?.count ?? 0 }, async (span) => {
    const { candidates, config, events, clock, newId } = context;
    const startedAt = clock.monotonic();
    const decisionId = newId();
    span.setAttributes({ 'ai.decision_id': decisionId });
    const usages: ProviderUsage[] = [];
    let asked = toProviderRequest(request);
    const tries = createTries(requireRoom(candidates.named(request.model), asked), config.ai.attempts.max);

    for (;;) {
      const { candidate, end } = candidates.begin(tries.untried(), tries.repeatable());
      const result = await callProvider(context, candidate, asked, call, asking.put);
      const { facts } = result;
      const judged = judge(result, asked);
      const callEnd = { outcome: judged.outcome, durationMs: facts.durationMs, retryAfterMs: retryAfterOf(judged) };
      end(callEnd);
      if ('answer' in result) usages.push(result.answer.usage);

      switch (judged.outcome) {
        case 'ok': {
          const scores = judged.quotes.map(({ quality }) => quality.score);
          events.answered(call.logger, facts, scores);
          span.setAttributes({ 'ai.provider': facts.provider, 'ai.model': facts.model, 'ai.calls': tries.count + 1 });
          const generation = {
            provider: facts.provider,
            model: facts.model,
            cached: 'none',
            degraded: false,
            decisionId,
            latencyMs: Math.max(0, Math.round(clock.monotonic() - startedAt)),
            usage: sumUsage(usages),
          };
          return { quotes: [...judged.quotes], generation };
        }
        case 'abandoned':
          events.abandoned(call.logger, facts, judged.error);
          throw judged.error;
        default:
          events.failed(call.logger, facts, judged.outcome, judged.error);
          if (!tries.failed(candidate, callEnd, call.remainingMs()) || !asking.mayAskAgain()) {
            throw toAppError(judged.outcome, judged.error, tries.count);
          }
          if (judged.outcome === 'transient' && tries.untried().length === 0) await backOff(context, tries.count, call);
          asked = withNextSeed(asked);
      }
    }
  });
}

/** Leaves those that can read the prompt. @throws AppError `ai.prompt_too_long` when none can. */
function requireRoom(candidates: readonly Candidate[], { messages }: AskedRequest): readonly Candidate[] {
  // No tokenizer makes less than a token of six characters of prose: only what is surely too long is left out here.
  const tokens = messages.reduce((sum, { content }) => sum + content.length / 6, 0);
  const fitting = candidates.filter(({ model }) => tokens < (model.contextTokens ?? Infinity));
  if (fitting.length === 0) throw new AppError(aiErrors.promptTooLong, { reason: `no model reads ${String(Math.round(tokens))} tokens` });
  return fitting;
}

function judge(result: CallResult, { brief }: AskedRequest): Judged {
  if ('failure' in result) return { outcome: result.failure, error: result.error };
  const checked = checkAnswer(result.answer, brief.count);
  return 'fault' in checked ? { outcome: checked.fault, error: undefined } : { outcome: 'ok', quotes: scoreAnswer(checked.quotes, brief) };
}

function retryAfterOf(judged: Judged): number | undefined {
  return 'error' in judged && judged.error instanceof ProviderError ? judged.error.retryAfterMs : undefined;
}

const backOffMaxMs = 400;

/** Waits before the same provider is asked again: full jitter, so that callers who failed together don't come back together. */
async function backOff({ random }: Pick<Context, 'random'>, calls: number, { signal }: RpcCall): Promise<void> {
  try {
    await sleep(random() * Math.min(backOffMaxMs, 100 * 2 ** (calls - 1)), undefined, { signal });
  } catch {
    // The caller has gone, or the deadline has passed: the signal's reason says which, and the timer's error does not.
    signal.throwIfAborted();
  }
}

function withNextSeed(request: AskedRequest): AskedRequest {
  return request.seed === undefined ? request : { ...request, seed: BigInt.asIntN(64, request.seed + 1n) };
}
