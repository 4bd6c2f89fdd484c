import { AuthService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { sessionStore } from '../store/session-store.ts';

/** The role is the account's role now: a token may be 15 minutes behind. */
export function checkSession({ clock, postgres }: Pick<Context, 'clock' | 'postgres'>): RpcHandler {
  return handleRpc(AuthService.method.checkSession, async ({ sessionId }) => {
    const session = await sessionStore.find(postgres.db, sessionId);
    const isActive = session?.revokedAt === null && session.isUserActive && clock.now() < session.expiresAt.getTime();
    return isActive ? { active: true, userId: session.userId, role: session.role } : { active: false };
  });
}
