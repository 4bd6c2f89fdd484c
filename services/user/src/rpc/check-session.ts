import { AuthService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { sessionStore } from '../store/session-store.ts';

/** The role is the account's role now: a token may be 15 minutes behind. */
export function checkSession({ clock, postgres, sessionCache }: Pick<Context, 'clock' | 'postgres' | 'sessionCache'>): RpcHandler {
  return handleRpc(AuthService.method.checkSession, async ({ sessionId }) => {
    const cached = await sessionCache.find(sessionId);
    if (cached !== undefined) return { active: true, ...cached };
    const session = await sessionStore.find(postgres.db, sessionId);
    const isActive = session?.revokedAt === null && session.isUserActive && clock.now() < session.expiresAt.getTime();
    if (!isActive) return { active: false };
    const { userId, role } = session;
    await sessionCache.put(sessionId, { userId, role }, session.expiresAt.getTime() - clock.now());
    return { active: true, userId, role };
  });
}
