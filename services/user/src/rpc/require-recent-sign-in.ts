import { access } from '@quotemaster/contract';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { sessionStore } from '../store/session-store.ts';

/** How long a sign-in, or another proof, opens sensitive calls. */
export const reauthenticationTtlMs = 10 * 60_000;

/**
 * Guards an RPC that the contract marks with `reauthentication`: its session must stand, and have been proved within ten minutes.
 * Other RPCs are given back as they are.
 * @throws AppError `auth.reauthentication_required`, `auth.unauthenticated` from the guarded RPC.
 */
export function requireRecentSignIn({ clock, postgres }: Pick<Context, 'clock' | 'postgres'>, handler: RpcHandler): RpcHandler {
  if (!access(handler.method).reauthentication) return handler;
  if (handler.method.methodKind !== 'unary') throw new Error(`${handler.method.name}: only unary RPCs can ask for reauthentication`);
  return {
    method: handler.method,
    answer: async (request, call) => {
      const session = await sessionStore.find(postgres.db, call.requirePrincipal().sessionId ?? '');
      const now = clock.now();
      // Asked of the database itself: what is sensitive does not rely on a cache.
      if (session?.revokedAt !== null || !session.isUserActive || now >= session.expiresAt.getTime())
        throw new AppError(commonErrors.unauthenticated, { detail: 'This session has ended. Please sign in again.' });
      if (now - session.authenticatedAt.getTime() > reauthenticationTtlMs) throw new AppError(commonErrors.reauthenticationRequired);
      return (handler.answer as (request: unknown, call: unknown) => Promise<object>)(request, call);
    },
  };
}
