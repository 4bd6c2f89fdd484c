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

/** The audit log can be added to; the database refuses everything else. */
export const auditStore = {
  async append(db: Queryable, entry: AuditEntry): Promise<void> {
    await db.insert(auditLog).values({ ...entry, details: entry.details ?? {} });
  },
};
