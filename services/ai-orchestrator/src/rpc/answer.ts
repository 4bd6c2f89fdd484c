import type { MessageInitShape } from '@bufbuild/protobuf';
import { aiErrors } from '@quotemaster/contract/ai';
import type { CompleteRequest, CompleteResponseSchema } from '@quotemaster/contract/ai';
import { AppError } from '@quotemaster/errors';
import { withSpan } from '@quotemaster/observe';
import type { RpcCall } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { checkAnswer } from '../domain/check-answer.ts';
import type { AnswerFault } from '../domain/check-answer.ts';
import { chooseProvider } from '../domain/choose-provider.ts';
import { scoreAnswer } from '../domain/score-answer.ts';
import type { ScoredQuote } from '../domain/score-answer.ts';
import { sumUsage } from '../domain/sum-usage.ts';
import type { ProviderRequest, ProviderUsage } from '../providers/provider.ts';
import { callProvider } from './call-provider.ts';
import type { Answered, PutRequest } from './call-provider.ts';
import { toProviderRequest } from './to-provider-request.ts';

export type Completion = MessageInitShape<typeof CompleteResponseSchema>;

/** How a face of this flow asks, and whether it may ask again after an unusable answer. */
export interface Asking {
  readonly put: PutRequest;
  readonly mayAskAgain: () => boolean;
}

type AnswerContext = Pick<Context, 'providers' | 'events' | 'clock' | 'newId'>;

/** The first call and one more after an unusable answer. */
const callsMax = 2;

/**
 * Answers a request: chooses the provider, calls it, checks the answer, takes the quotes out of it and scores them. The
 * flow behind Complete and StreamComplete, which differ in `asking`.
 *
 * The second call takes the next seed, for the same one would bring the same answer; what both used is charged.
 * @throws AppError `ai.unknown_model`, `ai.no_provider`, `ai.unusable_answer`, or the signal's reason.
 */
export function answer(context: AnswerContext, request: CompleteRequest, call: RpcCall, asking: Asking): Promise<Completion> {
  return withSpan('ai.complete', { 'ai.count': request.brief?.count ?? 0 }, async (span) => {
    const { providers, events, clock, newId } = context;
    const startedAt = clock.monotonic();
    const { provider, model } = chooseProvider(providers, request.model);
    const decisionId = newId();
    span.setAttributes({ 'ai.provider': provider.id, 'ai.model': model, 'ai.decision_id': decisionId });
    const usages: ProviderUsage[] = [];
    let asked: ProviderRequest = toProviderRequest(request, model);

    for (let calls = 1; ; calls += 1) {
      const answered = await callProvider(context, provider, asked, call, asking.put);
      usages.push(answered.answer.usage);
      const result = examine(answered, asked);
      if ('quotes' in result) {
        const { quotes } = result;
        events.answered(
          call.logger,
          answered.facts,
          quotes.map(({ quality }) => quality.score),
        );
        const latencyMs = Math.max(0, Math.round(clock.monotonic() - startedAt));
        const usage = sumUsage(usages);
        return { quotes, generation: { provider: provider.id, model, cached: 'none', degraded: false, decisionId, latencyMs, usage } };
      }
      events.unusable(call.logger, answered.facts, result.fault);
      const inTime = call.remainingMs() > answered.facts.durationMs;
      if (calls === callsMax || !inTime || !asking.mayAskAgain()) {
        throw new AppError(aiErrors.unusableAnswer, {
          reason: `the answer of ${provider.id} was ${result.fault} after ${String(calls)} calls`,
        });
      }
      asked = withNextSeed(asked);
    }
  });
}

function examine(
  { answer: { text, finishReason } }: Answered,
  { brief }: ProviderRequest,
): { quotes: ScoredQuote[] } | { fault: AnswerFault } {
  const checked = checkAnswer({ text, finishReason }, brief.count);
  return 'fault' in checked ? checked : { quotes: scoreAnswer(checked.quotes, brief) };
}

function withNextSeed(request: ProviderRequest): ProviderRequest {
  return request.seed === undefined ? request : { ...request, seed: BigInt.asIntN(64, request.seed + 1n) };
}
