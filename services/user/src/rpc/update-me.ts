import { AppError, commonErrors } from '@quotemaster/errors';
import type { FieldFault } from '@quotemaster/errors';
import { UserService, authErrors, userErrors } from '@quotemaster/contract/user';
import type { UpdateMeRequest } from '@quotemaster/contract/user';
import { isUniqueViolation } from '@quotemaster/postgres';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { userStore } from '../store/user-store.ts';
import { toUser } from './to-user.ts';

export function updateMe({ clock, postgres }: Pick<Context, 'clock' | 'postgres'>): RpcHandler {
  return handleRpc(UserService.method.updateMe, async (request, call) => {
    const { userId } = call.requirePrincipal();
    const changes = readChanges(request);
    try {
      const user = await userStore.update(postgres.db, userId, changes, new Date(clock.now()));
      if (user === undefined) throw new AppError(userErrors.notFound);
      call.logger.info({ fields: Object.keys(changes) }, 'profile changed');
      return { user: toUser(user) };
    } catch (error) {
      if (!isUniqueViolation(error, 'users_username_key')) throw error;
      throw new AppError(authErrors.usernameTaken, { cause: error });
    }
  });
}

/** Reads what the mask names; a field named without a value is cleared. */
function readChanges(request: UpdateMeRequest): { username?: string | null; fullName?: string | null } {
  const paths = new Set(request.updateMask?.paths);
  if (paths.size === 0) throw invalid({ field: 'updateMask', message: 'name at least one field' });
  const changes: { username?: string | null; fullName?: string | null } = {};
  for (const path of paths) {
    if (path === 'username') changes.username = request.username ?? null;
    else if (path === 'full_name') changes.fullName = request.fullName?.normalize('NFC') ?? null;
    else throw invalid({ field: 'updateMask', message: 'names a field that can not be changed' });
  }
  return changes;
}

function invalid(fault: FieldFault): AppError {
  return new AppError(commonErrors.invalidRequest, { detail: 'Please name at least one field to change.', fields: [fault] });
}
