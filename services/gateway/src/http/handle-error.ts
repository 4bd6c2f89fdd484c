import { AppError, commonErrors } from '@quotemaster/errors';
import type { Logger } from '@quotemaster/observe';
import type { ErrorRequestHandler, Response } from 'express';
import { exchangeOf } from './exchange.ts';
import { sendProblem } from './problem.ts';

/** Creates the last middleware: every error, ours or not, becomes a problem. */
export function handleError(options: { publicUrl: string; logger: Logger }): ErrorRequestHandler {
  const { publicUrl, logger } = options;
  // Express knows an error handler by its four parameters.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  return (error: unknown, _request, response, _next) => {
    // Nobody is left to be told, and a call that its caller gave up is no failure.
    if (exchangeOf(response).signal.aborted) return;
    const known = logFailure(error, response, logger);
    if (response.headersSent) {
      // The answer has begun; all that can be said is that it did not end well.
      response.destroy();
      return;
    }
    sendProblem(known, response, publicUrl);
  };
}

/** Makes the error that the caller sees, and logs what is not the caller's own fault. */
export function logFailure(error: unknown, response: Response, logger: Logger): AppError {
  const { requestId, signal } = exchangeOf(response);
  const known = toAppError(error);
  if (signal.aborted || known.httpStatus < 500) return known;
  if (known.httpStatus !== 503 && known.httpStatus !== 504) logger.error({ err: error, requestId }, 'a request failed');
  else logger.warn({ err: error, requestId }, 'a request could not be answered');
  return known;
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  // Express and its router put the status of a request they can't take on the error: a path that is no valid URL, mostly.
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  if (status === 400 || error instanceof URIError)
    return new AppError(commonErrors.invalidRequest, { detail: 'The address is not valid.', cause: error });
  return new AppError(commonErrors.internal, { reason: 'an unexpected error', cause: error });
}
