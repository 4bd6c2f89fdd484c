import { and, desc, eq, or, sql } from 'drizzle-orm';
import type { Cursor } from '@quotemaster/postgres';
import { after } from './keyset.ts';
import type { Queryable } from './queryable.ts';
import { apiKeys, users } from './tables.ts';

export type ApiKeyRow = Readonly<typeof apiKeys.$inferSelect>;

/** Named queries on `api_keys`. */
export const apiKeyStore = {
  async insert(db: Queryable, key: typeof apiKeys.$inferInsert): Promise<ApiKeyRow> {
    const [added] = await db.insert(apiKeys).values(key).returning();
    if (added === undefined) throw new Error('the insert of a key gave no row');
    return added;
  },

  async count(db: Queryable, userId: string): Promise<number> {
    return db.$count(apiKeys, eq(apiKeys.userId, userId));
  },

  async list(db: Queryable, userId: string, cursor: Cursor | undefined, limit: number): Promise<readonly ApiKeyRow[]> {
    return db
      .select()
      .from(apiKeys)
      .where(and(eq(apiKeys.userId, userId), after(apiKeys, cursor)))
      .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
      .limit(limit);
  },

  async find(db: Queryable, userId: string, id: string): Promise<ApiKeyRow | undefined> {
    const [key] = await db
      .select()
      .from(apiKeys)
      .where(and(eq(apiKeys.userId, userId), eq(apiKeys.id, id)));
    return key;
  },

  /** Puts a new secret in the place of the old one, which works on until `previousUntil`. One before that stops at once. */
  async rotate(
    db: Queryable,
    ids: { userId: string; id: string },
    secret: { hash: Buffer; prefix: string; previousUntil: Date },
  ): Promise<ApiKeyRow | undefined> {
    const [key] = await db
      .update(apiKeys)
      .set({ previousHash: sql`${apiKeys.hash}`, previousUntil: secret.previousUntil, hash: secret.hash, prefix: secret.prefix })
      .where(and(eq(apiKeys.userId, ids.userId), eq(apiKeys.id, ids.id)))
      .returning();
    return key;
  },

  async delete(db: Queryable, userId: string, id: string): Promise<boolean> {
    const deleted = await db
      .delete(apiKeys)
      .where(and(eq(apiKeys.userId, userId), eq(apiKeys.id, id)))
      .returning({ id: apiKeys.id });
    return deleted.length > 0;
  },

  async deleteAll(db: Queryable, userId: string): Promise<readonly string[]> {
    const deleted = await db.delete(apiKeys).where(eq(apiKeys.userId, userId)).returning({ id: apiKeys.id });
    return deleted.map(({ id }) => id);
  },

  /** Finds the key of a secret, the one before a rotation too, and whether its owner's account is active. */
  async findByHash(db: Queryable, hash: Buffer): Promise<(ApiKeyRow & { readonly isOwnerActive: boolean }) | undefined> {
    const [found] = await db
      .select({ key: apiKeys, isOwnerActive: users.isActive })
      .from(apiKeys)
      .innerJoin(users, eq(users.id, apiKeys.userId))
      .where(or(eq(apiKeys.hash, hash), eq(apiKeys.previousHash, hash)));
    return found === undefined ? undefined : { ...found.key, isOwnerActive: found.isOwnerActive };
  },

  async touch(db: Queryable, id: string, now: Date): Promise<void> {
    await db.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, id));
  },
};
