import { and, desc, eq, gt, isNull, ne, sql } from 'drizzle-orm';
import type { Role } from '@quotemaster/auth';
import type { Cursor, Transaction } from '@quotemaster/postgres';
import { after } from './keyset.ts';
import type { Queryable } from './queryable.ts';
import { refreshTokens, sessions, users } from './tables.ts';
import type { RevokeReason } from './tables.ts';

export interface SessionRow {
  readonly id: string;
  readonly userId: string;
  readonly expiresAt: Date;
  readonly expiresAtMax: Date;
  readonly revokedAt: Date | null;
  /** When the person behind it last proved who they are. */
  readonly authenticatedAt: Date;
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
  authenticatedAt: sessions.authenticatedAt,
  role: users.role,
  isUserActive: users.isActive,
};

export type ListedSession = Readonly<typeof sessions.$inferSelect>;

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

  /** Sessions of a user that stand, newest first. */
  async list(db: Queryable, userId: string, now: Date, cursor: Cursor | undefined, limit: number): Promise<readonly ListedSession[]> {
    return db
      .select()
      .from(sessions)
      .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), gt(sessions.expiresAt, now), after(sessions, cursor)))
      .orderBy(desc(sessions.createdAt), desc(sessions.id))
      .limit(limit);
  },

  /** Ends all sessions of a user but one; gives the ids of those it ended. */
  async revokeAll(db: Queryable, userId: string, reason: RevokeReason, now: Date, exceptId?: string): Promise<readonly string[]> {
    const revoked = await db
      .update(sessions)
      .set({ revokedAt: now, revokeReason: reason })
      .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), exceptId === undefined ? undefined : ne(sessions.id, exceptId)))
      .returning({ id: sessions.id });
    return revoked.map(({ id }) => id);
  },

  /** Ends the oldest sessions of a user beyond `keep`; gives their ids. */
  async revokeBeyond(db: Queryable, userId: string, keep: number, now: Date): Promise<readonly string[]> {
    const revoked = await db
      .update(sessions)
      .set({ revokedAt: now, revokeReason: 'too_many' })
      .where(
        sql`${sessions.id} IN (SELECT id FROM ${sessions} WHERE user_id = ${userId} AND revoked_at IS NULL ORDER BY created_at DESC, id DESC OFFSET ${keep} LIMIT 100)`,
      )
      .returning({ id: sessions.id });
    return revoked.map(({ id }) => id);
  },

  /** Tells whether this user has signed in from a network before. Without a user it looks all the same, and finds nothing. */
  async hasSignedInFrom(db: Queryable, userId: string | undefined, network: string): Promise<boolean> {
    const [found] = await db
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(eq(sessions.userId, userId ?? '00000000-0000-0000-0000-000000000000'), eq(sessions.network, network)))
      .limit(1);
    return found !== undefined;
  },

  async setAuthenticated(db: Queryable, id: string, now: Date): Promise<void> {
    await db.update(sessions).set({ authenticatedAt: now }).where(eq(sessions.id, id));
  },

  /** The ids of a user's sessions that stand. */
  async listIds(db: Queryable, userId: string): Promise<readonly string[]> {
    const found = await db
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt)));
    return found.map(({ id }) => id);
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
