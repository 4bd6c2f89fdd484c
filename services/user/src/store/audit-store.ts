import { and, desc, eq, gte, lt } from 'drizzle-orm';
import type { Cursor } from '@quotemaster/postgres';
import { afterTime } from './keyset.ts';
import type { Queryable } from './queryable.ts';
import { auditLog } from './tables.ts';

/** One line of the audit log: who did what to which account. No address of e-mail, no secret. */
export interface AuditEntry {
  readonly id: string;
  readonly occurredAt: Date;
  readonly action: string;
  /** A user's id, `anonymous` or `operator`. */
  readonly actor: string;
  readonly userId?: string | undefined;
  readonly sessionId?: string | undefined;
  /** The network address of the caller, where the gateway told it. */
  readonly address?: string | undefined;
  readonly details?: Readonly<Record<string, string>>;
}

export type AuditRow = Readonly<typeof auditLog.$inferSelect>;

export interface AuditFilters {
  readonly userId?: string | undefined;
  readonly action?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** The audit log can be added to and read; the database refuses everything else. */
export const auditStore = {
  async append(db: Queryable, entry: AuditEntry): Promise<void> {
    await db.insert(auditLog).values({ ...entry, details: entry.details ?? {} });
  },

  /** Entries, newest first. */
  async list(db: Queryable, filters: AuditFilters, cursor: Cursor | undefined, limit: number): Promise<readonly AuditRow[]> {
    const { userId, action, from, to } = filters;
    return db
      .select()
      .from(auditLog)
      .where(
        and(
          userId === undefined ? undefined : eq(auditLog.userId, userId),
          action === undefined ? undefined : eq(auditLog.action, action),
          from === undefined ? undefined : gte(auditLog.occurredAt, from),
          to === undefined ? undefined : lt(auditLog.occurredAt, to),
          afterTime(auditLog.occurredAt, auditLog.id, cursor),
        ),
      )
      .orderBy(desc(auditLog.occurredAt), desc(auditLog.id))
      .limit(limit);
  },
};
