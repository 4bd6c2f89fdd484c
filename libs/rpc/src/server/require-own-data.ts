import { AppError, commonErrors } from '@quotemaster/errors';
import type { RpcCall } from '../call.ts';

/**
 * Refuses a call that is made for one user and names another. The user service's own jobs are for nobody and may name
 * anyone.
 * @throws AppError `auth.forbidden`.
 */
export function requireOwnData({ principal, caller }: RpcCall, userId: string): void {
  if (principal === undefined || principal.userId === userId) return;
  throw new AppError(commonErrors.forbidden, { reason: `${caller} asked for the data of another user than it acts for` });
}
