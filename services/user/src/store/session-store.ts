import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Role } from '@quotemaster/auth';
import type { Transaction } from '@quotemaster/postgres';
import type { Queryable } from './queryable.ts';
import { refreshTokens, sessions, users } from './tables.ts';
import type { RevokeReason } from './tables.ts';

export interface SessionRow {
  readonly id: string;
  readonly userId: string;
  readonly expiresAt: Date;
  readonly expiresAtMax: Date;
  readonly revokedAt: Date | null;
  /** Of the account, now. */
  readonly role: Role;
  readonly isUserActive: boolean;
}

const sessionColumns = {
  id: sessions.id,
  userId: sessions.userId,
  expiresAt: sessions.expiresAt,
  expiresAtMax: sessions.expiresAtMax,
  revokedAt: sessions.revokedAt,
  role: users.role,
  isUserActive: users.isActive,
};

/** Named queries on `sessions`; each runs on a database or inside a transaction. */
export const sessionStore = {
  async insert(db: Queryable, session: Omit<typeof sessions.$inferInsert, 'revokedAt' | 'revokeReason'>): Promise<void> {
    await db.insert(sessions).values(session);
  },

  async find(db: Queryable, id: string): Promise<SessionRow | undefined> {
    const [session] = await db
      .select(sessionColumns)
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(eq(sessions.id, id));
    return session;
  },

  /** Reads the session of a refresh token and holds its row until the transaction ends: one use of a family at a time. */
  async lockByToken(tx: Transaction, tokenHash: Buffer): Promise<SessionRow | undefined> {
    const owner = tx.select({ id: refreshTokens.sessionId }).from(refreshTokens).where(eq(refreshTokens.hash, tokenHash));
    const [locked] = await tx.select({ id: sessions.id }).from(sessions).where(eq(sessions.id, owner)).for('update');
    // Read in a statement of its own, which sees what was committed while this one waited for the lock.
    return locked === undefined ? undefined : sessionStore.find(tx, locked.id);
  },

  async touch(db: Queryable, id: string, times: { lastSeenAt: Date; expiresAt: Date }): Promise<void> {
    await db.update(sessions).set(times).where(eq(sessions.id, id));
  },

  /** Ends a session of this user. False when it was ended before, or isn't theirs. */
  async revoke(db: Queryable, { id, userId }: { id: string; userId: string }, reason: RevokeReason, now: Date): Promise<boolean> {
    const revoked = await db
      .update(sessions)
      .set({ revokedAt: now, revokeReason: reason })
      .where(and(eq(sessions.id, id), eq(sessions.userId, userId), isNull(sessions.revokedAt)))
      .returning({ id: sessions.id });
    return revoked.length > 0;
  },

  /** Removes at most `limit` sessions that ended before `before`, with their tokens; tells how many. */
  async prune(db: Queryable, before: Date, limit: number): Promise<number> {
    const pruned = await db
      .delete(sessions)
      .where(
        sql`${sessions.id} IN (SELECT id FROM ${sessions} WHERE expires_at < ${before.toISOString()} ORDER BY expires_at LIMIT ${limit})`,
      )
      .returning({ id: sessions.id });
    return pruned.length;
  },
};
