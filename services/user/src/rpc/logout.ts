import { AuthService } from '@quotemaster/contract/user';
import type { Transaction } from '@quotemaster/postgres';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { hashRefreshToken } from '../credentials/refresh-token.ts';
import { withEvents } from '../event-source.ts';
import { refreshTokenStore } from '../store/refresh-token-store.ts';
import { sessionStore } from '../store/session-store.ts';

/** Ends the session of the access token and that of the refresh token, where it is the same person's. Twice is harmless. */
export function logout({ clock, postgres, events }: Pick<Context, 'clock' | 'postgres' | 'events'>): RpcHandler {
  return handleRpc(AuthService.method.logout, async ({ refreshToken }, call) => {
    const { userId, sessionId } = call.requirePrincipal();
    await withEvents(postgres, call, async (source) => {
      const named = [sessionId, await sessionOf(source.tx, refreshToken)].filter((id) => id !== undefined);
      // In order of id: two logouts that name the same two sessions can't wait for each other.
      for (const id of [...new Set(named)].sort()) {
        const isRevoked = await sessionStore.revoke(source.tx, { id, userId }, 'logout', new Date(clock.now()));
        if (isRevoked) await events.sessionRevoked(source, { sessionId: id, userId, reason: 'logout' });
      }
    });
    return {};
  });
}

async function sessionOf(tx: Transaction, refreshToken: string | undefined): Promise<string | undefined> {
  if (refreshToken === undefined) return undefined;
  return (await refreshTokenStore.find(tx, hashRefreshToken(refreshToken)))?.sessionId;
}
