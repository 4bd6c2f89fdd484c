import { AppError } from '@quotemaster/errors';
import { UserService, userErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { withEvents } from '../event-source.ts';
import { sessionStore } from '../store/session-store.ts';

export function revokeSession({ clock, postgres, events }: Pick<Context, 'clock' | 'postgres' | 'events'>): RpcHandler {
  return handleRpc(UserService.method.revokeSession, async ({ id }, call) => {
    const { userId } = call.requirePrincipal();
    await withEvents(postgres, call, async (source) => {
      const isRevoked = await sessionStore.revoke(source.tx, { id, userId }, 'revoked', new Date(clock.now()));
      if (!isRevoked) throw new AppError(userErrors.sessionNotFound);
      await events.sessionRevoked(source, { sessionId: id, userId, reason: 'revoked' });
    });
    return {};
  });
}
