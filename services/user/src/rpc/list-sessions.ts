import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { UserService } from '@quotemaster/contract/user';
import type { SessionSchema } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { sessionStore } from '../store/session-store.ts';
import type { ListedSession } from '../store/session-store.ts';
import { readPage } from './page.ts';

export function listSessions(context: Pick<Context, 'clock' | 'postgres' | 'pageTokens'>): RpcHandler {
  const { clock, postgres } = context;
  return handleRpc(UserService.method.listSessions, async (request, call) => {
    const { userId, sessionId } = call.requirePrincipal();
    return readPage(context, {
      list: 'sessions',
      userId,
      request,
      read: (cursor, limit) => sessionStore.list(postgres.db, userId, new Date(clock.now()), cursor, limit),
      cursorOf: (row) => row,
      toItem: (row) => toSession(row, sessionId),
    });
  });
}

function toSession(row: ListedSession, currentId: string | undefined): MessageInitShape<typeof SessionSchema> {
  return {
    id: row.id,
    device: row.userAgent ?? '',
    address: row.address ?? '',
    createdAt: timestampFromDate(row.createdAt),
    lastSeenAt: timestampFromDate(row.lastSeenAt),
    expiresAt: timestampFromDate(row.expiresAt),
    current: row.id === currentId,
  };
}
