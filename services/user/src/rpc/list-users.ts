import { isRole } from '@quotemaster/auth';
import { AdminService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { normaliseEmail } from '../domain/email.ts';
import { userStore } from '../store/user-store.ts';
import { readPage } from './page.ts';
import { toUser } from './to-user.ts';

export function listUsers(context: Pick<Context, 'postgres' | 'pageTokens'>): RpcHandler {
  return handleRpc(AdminService.method.listUsers, async (request, call) => {
    const { email, role, isActive } = request;
    const filters = {
      email: email === undefined ? undefined : normaliseEmail(email),
      role: isRole(role) ? role : undefined,
      isActive,
    };
    return readPage(context, {
      list: 'users',
      userId: call.requirePrincipal().userId,
      filters,
      request,
      read: (cursor, limit) => userStore.list(context.postgres.db, filters, cursor, limit),
      cursorOf: (row) => row,
      toItem: toUser,
    });
  });
}
