import { APIConnectionError, APIError, APIUserAbortError } from 'openai';
import type { ProviderFailure } from '../../domain/outcome.ts';
import { ProviderError } from '../provider-error.ts';
import { readRetryAfterMs } from '../retry-after.ts';

/** Turns whatever the SDK of OpenAI threw into a ProviderError; the signal's reason stays what it is. */
export function toProviderError(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof ProviderError) return error;
  if (!(error instanceof APIError) || error instanceof APIUserAbortError) {
    return new ProviderError('transient', 'the answer could not be read', { cause: error });
  }
  if (error instanceof APIConnectionError) return new ProviderError('transient', 'the connection failed', { cause: error });
  const { kind, tooLong } = classify(error as APIError);
  const { status, headers } = error as APIError;
  return new ProviderError(kind, `answered ${String(status ?? 'an error in its stream')}`, {
    status,
    retryAfterMs: headers === undefined ? undefined : readRetryAfterMs(headers, Date.now()),
    tooLong,
    cause: error,
  });
}

const authStatuses: readonly (number | undefined)[] = [401, 402, 403, 404];
const transientStatuses: readonly (number | undefined)[] = [408, 409, 425];

function classify(error: APIError): { kind: ProviderFailure; tooLong: boolean } {
  const { status, code, type } = error;
  const as = (kind: ProviderFailure, tooLong = false): { kind: ProviderFailure; tooLong: boolean } => ({ kind, tooLong });
  if (code === 'content_filter' || code === 'content_policy_violation' || isFilteredByAzure(error)) return as('content_filter');
  if (code === 'context_length_exceeded' || status === 413) return as('caller', true);
  if (status === 429 || code === 'rate_limit_exceeded' || code === 'insufficient_quota' || type === 'insufficient_quota')
    return as('quota');
  // A redirect means another address than the one configured.
  const isElsewhere = status !== undefined && status >= 300 && status < 400;
  if (isElsewhere || authStatuses.includes(status) || code === 'invalid_api_key' || code === 'model_not_found') return as('auth');
  if (status === undefined) return as(type === 'invalid_request_error' ? 'caller' : 'transient');
  if (status >= 500 || transientStatuses.includes(status)) return as('transient');
  return as('caller');
}

/** Azure says it one level deeper: `innererror: { code: "ResponsibleAIPolicyViolation" }`. */
function isFilteredByAzure({ error }: APIError): boolean {
  if (typeof error !== 'object' || !('innererror' in error)) return false;
  const inner = error.innererror;
  return typeof inner === 'object' && inner !== null && 'code' in inner && inner.code === 'ResponsibleAIPolicyViolation';
}
