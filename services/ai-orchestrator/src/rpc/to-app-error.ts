import { aiErrors } from '@quotemaster/contract/ai';
import { AppError } from '@quotemaster/errors';
import type { Outcome } from '../domain/outcome.ts';
import { ProviderError } from '../providers/provider-error.ts';

/** Turns the outcome of a request's last call into what its caller is told. The provider's own words stay in the cause. */
export function toAppError(outcome: Exclude<Outcome, 'ok' | 'abandoned'>, cause: unknown, calls: number): AppError {
  const reason = `the last of ${String(calls)} calls ended as ${outcome}`;
  switch (outcome) {
    case 'content_filter':
      return new AppError(aiErrors.contentRefused, { reason, cause });
    case 'caller':
      return new AppError(cause instanceof ProviderError && cause.tooLong ? aiErrors.promptTooLong : aiErrors.requestRefused, {
        reason,
        cause,
      });
    case 'empty':
    case 'truncated':
    case 'unreadable':
    case 'refused':
      return new AppError(aiErrors.unusableAnswer, { reason });
    case 'auth':
    case 'quota':
    case 'transient': {
      const retryAfterMs = cause instanceof ProviderError ? cause.retryAfterMs : undefined;
      return new AppError(aiErrors.noProvider, { reason, cause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
    }
  }
}
