import { APIConnectionError, APIError, APIUserAbortError } from '@anthropic-ai/sdk';
import type { ProviderFailure } from '../../domain/outcome.ts';
import { ProviderError } from '../provider-error.ts';
import { readRetryAfterMs } from '../retry-after.ts';

/** Turns whatever Anthropic's SDK threw into a ProviderError; the signal's reason stays what it is. */
export function toProviderError(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof ProviderError) return error;
  if (!(error instanceof APIError) || error instanceof APIUserAbortError) {
    return new ProviderError('transient', 'the answer could not be read', { cause: error });
  }
  if (error instanceof APIConnectionError) return new ProviderError('transient', 'the connection failed', { cause: error });
  const { status, headers, type, apiMessage } = error as APIError;
  const named = (type === null ? undefined : kinds[type]) ?? kindOfStatus(status);
  // An account without credit has been told so as an invalid request.
  const kind = named === 'caller' && /credit balance/i.test(apiMessage ?? '') ? 'auth' : named;
  return new ProviderError(kind, `answered ${String(status ?? 'an error in its stream')}`, {
    status,
    retryAfterMs: headers === undefined ? undefined : readRetryAfterMs(headers, Date.now()),
    // A prompt that is too long is an invalid_request_error like any other; the API names no code for it.
    tooLong: status === 413 || (kind === 'caller' && /prompt is too long/i.test(apiMessage ?? '')),
    cause: error,
  });
}

/** @see https://platform.claude.com/docs/en/api/errors */
const kinds: Readonly<Record<string, ProviderFailure>> = {
  invalid_request_error: 'caller',
  request_too_large: 'caller',
  authentication_error: 'auth',
  billing_error: 'auth',
  permission_error: 'auth',
  not_found_error: 'auth',
  rate_limit_error: 'quota',
  api_error: 'transient',
  timeout_error: 'transient',
  overloaded_error: 'transient',
};

function kindOfStatus(status: number | undefined): ProviderFailure {
  if (status === 429) return 'quota';
  // A redirect means another address than the one configured.
  if (status !== undefined && status >= 300 && status < 400) return 'auth';
  if (status === 401 || status === 402 || status === 403 || status === 404) return 'auth';
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 409 ? 'caller' : 'transient';
}
