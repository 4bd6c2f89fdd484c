import { authErrors } from '@quotemaster/contract/user';
import type { AppError } from '@quotemaster/errors';
import type { Response } from 'express';
import { exchangeOf } from './exchange.ts';

/** An error as the outside sees it. @see https://www.rfc-editor.org/rfc/rfc9457 */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
  /** Which second factors would do: totp, passkey, recovery_code. */
  readonly factors?: readonly string[];
  /** Where a choice of a model was made: GET /v1/ai/decisions/{id} tells how. */
  readonly decisionId?: string;
  /** What an answer that broke off has used so far. */
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number; readonly costMicroUsd: number };
}

/** Makes the problem of an error in the answer to `response`'s request. Nothing private is in it. */
export function toProblem(error: AppError, response: Response, publicUrl: string): Problem {
  const { path, requestId } = exchangeOf(response);
  return {
    type: `${publicUrl}/docs/errors/${error.code}`,
    title: error.definition.title,
    status: error.httpStatus,
    detail: error.detail,
    instance: path,
    code: error.code,
    requestId,
    ...(error.code === authErrors.mfaRequired.code ? { factors: (error.metadata['methods'] ?? '').split(',') } : {}),
    ...aiFacts(error),
    ...(error.fields.length === 0 ? {} : { errors: error.fields.map(({ field, message }) => ({ field, message })) }),
  };
}

/** What ai-orchestrator says of a request that failed. */
function aiFacts({ metadata }: AppError): Pick<Problem, 'decisionId' | 'usage'> {
  const { decision_id: decisionId, input_tokens: input, output_tokens: output, cost_micro_usd: costMicroUsd } = metadata;
  return {
    ...(decisionId === undefined ? {} : { decisionId }),
    ...(costMicroUsd === undefined
      ? {}
      : { usage: { inputTokens: Number(input), outputTokens: Number(output), costMicroUsd: Number(costMicroUsd) } }),
  };
}

/** Writes the answer of an error: problem+json with the headers that its status asks for. */
export function sendProblem(error: AppError, response: Response, publicUrl: string): void {
  setErrorHeaders(error, response);
  response
    .status(error.httpStatus)
    .type('application/problem+json')
    .send(JSON.stringify(toProblem(error, response, publicUrl)));
}

/** Sets the headers that an error asks for, and notes its code for the log. */
export function setErrorHeaders(error: AppError, response: Response): void {
  exchangeOf(response).errorCode = error.code;
  const { httpStatus, retryAfterMs } = error;
  if (httpStatus === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="quotemaster"');
  if (retryAfterMs !== undefined) response.setHeader('Retry-After', String(Math.max(1, Math.ceil(retryAfterMs / 1_000))));
  else if (error.definition.retryable && (httpStatus === 503 || httpStatus === 504)) response.setHeader('Retry-After', '1');
  response.setHeader('Cache-Control', 'no-store');
}
