import { aiErrors } from '@quotemaster/contract/ai';
import { commonErrors } from '@quotemaster/errors';
import type { AppError } from '@quotemaster/errors';

/** An error as OpenAI's clients read it. @see https://platform.openai.com/docs/guides/error-codes */
export interface OpenAiError {
  readonly status: number;
  readonly body: {
    readonly error: { readonly message: string; readonly type: string; readonly param: string | null; readonly code: string };
  };
}

/** Where OpenAI has a name, and sometimes a status, of its own for what went wrong. */
const known: Readonly<Record<string, { readonly code: string; readonly type: string; readonly status?: number }>> = {
  [commonErrors.unauthenticated.code]: { code: 'invalid_api_key', type: 'invalid_request_error' },
  [commonErrors.rateLimited.code]: { code: 'rate_limit_exceeded', type: 'requests' },
  [commonErrors.deadlineExceeded.code]: { code: 'timeout', type: 'server_error' },
  [aiErrors.unknownModel.code]: { code: 'model_not_found', type: 'invalid_request_error', status: 404 },
  [aiErrors.promptTooLong.code]: { code: 'context_length_exceeded', type: 'invalid_request_error' },
  [aiErrors.contentRefused.code]: { code: 'content_filter', type: 'invalid_request_error', status: 400 },
};

/** Turns an error of ours into OpenAI's envelope. */
export function toOpenAiError(error: AppError): OpenAiError {
  const own = known[error.code];
  const status = own?.status ?? error.httpStatus;
  const [fault] = error.fields;
  const message = fault === undefined ? error.detail : `${fault.field}: ${fault.message}`;
  const type = own?.type ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
  return { status, body: { error: { message, type, param: fault?.field ?? null, code: own?.code ?? error.code } } };
}
