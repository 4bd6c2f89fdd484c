import { timestampDate } from '@bufbuild/protobuf/wkt';
import { AdminService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { auditStore } from '../store/audit-store.ts';
import { readPage } from './page.ts';
import { toAuditEntry } from './to-audit-entry.ts';

export function listAuditEntries(context: Pick<Context, 'postgres' | 'pageTokens'>): RpcHandler {
  return handleRpc(AdminService.method.listAuditEntries, async (request, call) => {
    const { userId, action, from, to } = request;
    const filters = { userId, action, from: from && timestampDate(from), to: to && timestampDate(to) };
    return readPage(context, {
      list: 'audit',
      userId: call.requirePrincipal().userId,
      filters,
      request,
      read: (cursor, limit) => auditStore.list(context.postgres.db, filters, cursor, limit),
      cursorOf: ({ occurredAt, id }) => ({ createdAt: occurredAt, id }),
      toItem: toAuditEntry,
    });
  });
}
