import { UserService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { withEvents } from '../event-source.ts';
import { endSessions } from './end-sessions.ts';

export function revokeSessions(context: Pick<Context, 'clock' | 'postgres' | 'events'>): RpcHandler {
  return handleRpc(UserService.method.revokeSessions, async (_request, call) => {
    const { userId, sessionId } = call.requirePrincipal();
    await withEvents(context.postgres, call, (source) => endSessions(source, context, { userId, reason: 'revoked', exceptId: sessionId }));
    return {};
  });
}
