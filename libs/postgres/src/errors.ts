import { AppError, commonErrors } from '@quotemaster/errors';

// SQLSTATE codes. @see https://www.postgresql.org/docs/current/errcodes-appendix.html
const uniqueViolation = '23505';
const queryCanceled = '57014';
const retryable = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available: the lock timeout
  '25P03', // idle_in_transaction_session_timeout
  '53300', // too_many_connections
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
]);
const connectionClass = '08';
const retryAfterMs = 1_000;

interface ServerError extends Error {
  readonly code: string;
  readonly constraint?: string;
}

/** Finds the server's own error in a chain of causes: drizzle and we wrap it. */
function findServerError(error: unknown): ServerError | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth += 1) {
    const { code } = cause as Partial<ServerError>;
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return cause as ServerError;
  }
  return undefined;
}

/** Gives the SQLSTATE of a failed statement, however it was wrapped. */
export function sqlState(error: unknown): string | undefined {
  return findServerError(error)?.code;
}

/** Tells whether a statement failed on a unique index or constraint, on `constraint` where one is named. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const found = findServerError(error);
  return found?.code === uniqueViolation && (constraint === undefined || found.constraint === constraint);
}

/**
 * Turns a failed statement into our own error where its cause is the road or the time rather than the statement.
 *
 * `common.deadline_exceeded` for the statement timeout, `common.unavailable` for a lost connection, a server that
 * goes down, a deadlock or a lock timeout. Anything else (a constraint, a fault of ours) comes back as it is.
 */
export function toAppError(error: unknown): unknown {
  const state = sqlState(error);
  if (state === queryCanceled)
    return new AppError(commonErrors.deadlineExceeded, { reason: 'the statement timeout was reached', cause: error });
  if (state !== undefined) {
    if (!retryable.has(state) && !state.startsWith(connectionClass)) return error;
    return unavailable(`the database answered ${state}`, error);
  }
  return isConnectionLost(error) ? unavailable('the connection to the database was lost', error) : error;
}

/**
 * Tells whether a rejection of the driver means that its connection is of no use any more.
 *
 * Without a SQLSTATE the server had no part in it. The driver's other errors of its own are about arguments: TypeError
 * and RangeError.
 */
export function isConnectionLost(error: unknown): boolean {
  return sqlState(error) === undefined && !(error instanceof TypeError) && !(error instanceof RangeError);
}

export function unavailable(reason: string, cause: unknown): AppError {
  return new AppError(commonErrors.unavailable, { reason, cause, retryAfterMs });
}

export function overloaded(reason: string, cause?: unknown): AppError {
  return new AppError(commonErrors.overloaded, { reason, cause, retryAfterMs });
}
