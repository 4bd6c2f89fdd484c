import { AppError } from '@quotemaster/errors';
import { UserService, userErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { userStore } from '../store/user-store.ts';
import { toUser } from './to-user.ts';

export function getMe({ postgres }: Pick<Context, 'postgres'>): RpcHandler {
  return handleRpc(UserService.method.getMe, async (_request, call) => {
    const user = await userStore.findById(postgres.db, call.requirePrincipal().userId);
    if (user === undefined) throw new AppError(userErrors.notFound);
    return { user: toUser(user) };
  });
}
