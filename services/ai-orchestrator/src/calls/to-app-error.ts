import { aiErrors } from '@quotemaster/contract/ai';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { AttemptUsage } from '../domain/decision.ts';
import { ProviderError } from '../providers/provider-error.ts';
import type { AttemptEnd } from './attempt.ts';

/** What there is to say of a request that failed, beside its last call. */
export interface FailureFacts {
  readonly calls: number;
  /** A part of the answer has reached the caller. */
  readonly wasTold: boolean;
  /** Of all its calls. */
  readonly usage: AttemptUsage;
  /** How long until somebody may be asked again, where that is known. */
  readonly retryAfterMs?: number;
}

/** Turns the end of a request's last call into what its caller is told. The provider's own words stay in the cause. */
export function toAppError<R>({ judged, error: cause }: AttemptEnd<R>, facts: FailureFacts): AppError {
  const { outcome } = judged;
  const reason = `the last of ${String(facts.calls)} calls ended as ${outcome}`;
  const metadata = facts.wasTold ? usedSoFar(facts.usage) : {};
  if (outcome === 'content_filter') return new AppError(aiErrors.contentRefused, { reason, cause, metadata });
  if (outcome === 'caller') {
    const definition = cause instanceof ProviderError && cause.tooLong ? aiErrors.promptTooLong : aiErrors.requestRefused;
    return new AppError(definition, { reason, cause, metadata });
  }
  if (facts.wasTold) return new AppError(aiErrors.answerCut, { reason, cause, metadata });
  switch (outcome) {
    case 'empty':
    case 'truncated':
    case 'unreadable':
    case 'refused':
      return new AppError(aiErrors.unusableAnswer, { reason });
    case 'late':
      return new AppError(commonErrors.deadlineExceeded, { reason, cause });
    default: {
      const retryAfterMs = cause instanceof ProviderError ? (cause.retryAfterMs ?? facts.retryAfterMs) : facts.retryAfterMs;
      return new AppError(aiErrors.noProvider, { reason, cause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
    }
  }
}

/** For machines: a cut answer is charged all the same. */
function usedSoFar({ inputTokens, outputTokens, costMicroUsd }: AttemptUsage): Record<string, string> {
  return { input_tokens: String(inputTokens), output_tokens: String(outputTokens), cost_micro_usd: String(costMicroUsd) };
}
