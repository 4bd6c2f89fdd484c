import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { AuditEntrySchema } from '@quotemaster/contract/user';
import type { AuditRow } from '../store/audit-store.ts';

/** Shows an entry of the audit log. */
export function toAuditEntry(row: AuditRow): MessageInitShape<typeof AuditEntrySchema> {
  return {
    id: row.id,
    occurredAt: timestampFromDate(row.occurredAt),
    action: row.action,
    actor: row.actor,
    ...(row.userId === null ? {} : { userId: row.userId }),
    ...(row.sessionId === null ? {} : { sessionId: row.sessionId }),
    ...(row.address === null ? {} : { address: row.address }),
    details: row.details,
  };
}
