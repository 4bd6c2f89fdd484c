import { and, desc, eq, sql } from 'drizzle-orm';
import type { Role } from '@quotemaster/auth';
import type { Cursor } from '@quotemaster/postgres';
import { after } from './keyset.ts';
import type { Queryable } from './queryable.ts';
import { users } from './tables.ts';

const accountColumns = {
  id: users.id,
  email: users.email,
  username: users.username,
  fullName: users.fullName,
  role: users.role,
  isActive: users.isActive,
  isVerified: users.isVerified,
  createdAt: users.createdAt,
  updatedAt: users.updatedAt,
};

/** An account with the hash of its password, which goes nowhere but to the hasher. */
export type UserCredentials = Readonly<typeof users.$inferSelect>;

export type UserAccount = Omit<UserCredentials, 'hashedPassword' | 'hasLongPassword'>;

export interface UserFilters {
  readonly email?: string | undefined;
  readonly role?: Role | undefined;
  readonly isActive?: boolean | undefined;
}

/** Named queries on `users`; each runs on a database or inside a transaction. Emails come normalised. */
export const userStore = {
  async findById(db: Queryable, id: string): Promise<UserAccount | undefined> {
    const [user] = await db.select(accountColumns).from(users).where(eq(users.id, id));
    return user;
  },

  async findCredentials(db: Queryable, email: string): Promise<UserCredentials | undefined> {
    const [user] = await db.select().from(users).where(eq(users.email, email));
    return user;
  },

  async findCredentialsById(db: Queryable, id: string): Promise<UserCredentials | undefined> {
    const [user] = await db.select().from(users).where(eq(users.id, id));
    return user;
  },

  /** Accounts, newest first. */
  async list(db: Queryable, filters: UserFilters, cursor: Cursor | undefined, limit: number): Promise<readonly UserAccount[]> {
    return db
      .select(accountColumns)
      .from(users)
      .where(
        and(
          filters.email === undefined ? undefined : eq(users.email, filters.email),
          filters.role === undefined ? undefined : eq(users.role, filters.role),
          filters.isActive === undefined ? undefined : eq(users.isActive, filters.isActive),
          after(users, cursor),
        ),
      )
      .orderBy(desc(users.createdAt), desc(users.id))
      .limit(limit);
  },

  /** Tells which of the two names of an account are taken. */
  async findTaken(db: Queryable, names: { email: string; username?: string | undefined }): Promise<{ email: boolean; username: boolean }> {
    const username = names.username ?? null;
    const { rows } = await db.execute<{ email: boolean; username: boolean }>(sql`
      SELECT EXISTS (SELECT 1 FROM ${users} WHERE ${users.email} = ${names.email}) AS email,
             EXISTS (SELECT 1 FROM ${users} WHERE lower(${users.username}) = lower(${username}::text)) AS username`);
    return rows[0] ?? { email: false, username: false };
  },

  /** Adds an account. Violates `users_email_key` or `users_username_key` when another was quicker. */
  async insert(
    db: Queryable,
    user: Pick<UserCredentials, 'id' | 'email' | 'username' | 'fullName' | 'hashedPassword' | 'createdAt'> & {
      readonly isVerified?: boolean;
    },
  ): Promise<UserAccount> {
    const [added] = await db
      .insert(users)
      .values({ ...user, updatedAt: user.createdAt })
      .returning(accountColumns);
    if (added === undefined) throw new Error('the insert of a user gave no row');
    return added;
  },

  /** Changes what `changes` names; null clears. Violates `users_username_key` when the name is taken. */
  async update(
    db: Queryable,
    id: string,
    changes: { username?: string | null; fullName?: string | null },
    now: Date,
  ): Promise<UserAccount | undefined> {
    const [user] = await db
      .update(users)
      .set({ ...changes, updatedAt: now })
      .where(eq(users.id, id))
      .returning(accountColumns);
    return user;
  },

  async setPassword(db: Queryable, id: string, password: { hashed: string; isLong: boolean }, now: Date): Promise<void> {
    await db
      .update(users)
      .set({ hashedPassword: password.hashed, hasLongPassword: password.isLong, updatedAt: now })
      .where(eq(users.id, id));
  },

  async setVerified(db: Queryable, id: string, now: Date): Promise<void> {
    await db.update(users).set({ isVerified: true, updatedAt: now }).where(eq(users.id, id));
  },

  /** Reads an account and holds its row until the transaction ends. */
  async lock(db: Queryable, id: string): Promise<UserCredentials | undefined> {
    const [user] = await db.select().from(users).where(eq(users.id, id)).for('no key update');
    return user;
  },

  async setStanding(db: Queryable, id: string, standing: { role?: Role; isActive?: boolean }, now: Date): Promise<UserAccount | undefined> {
    const [user] = await db
      .update(users)
      .set({ ...standing, updatedAt: now })
      .where(eq(users.id, id))
      .returning(accountColumns);
    return user;
  },

  /** Counts active administrators and holds their rows, so that two of them can't both be the one that stays. */
  async lockActiveAdmins(db: Queryable): Promise<number> {
    const admins = await db
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.role, 'admin'), eq(users.isActive, true)))
      .orderBy(users.id)
      .for('no key update');
    return admins.length;
  },

  async delete(db: Queryable, id: string): Promise<boolean> {
    return (await db.delete(users).where(eq(users.id, id)).returning({ id: users.id })).length > 0;
  },

  /** Puts a hash in the place of another, unless a new password has taken it meanwhile. */
  async replaceHash(db: Queryable, id: string, from: string, to: string): Promise<void> {
    await db
      .update(users)
      .set({ hashedPassword: to })
      .where(sql`${users.id} = ${id} AND ${users.hashedPassword} = ${from}`);
  },

  /** Gives an account another role and tells the one it had; undefined where there is no such account. */
  async setRole(db: Queryable, email: string, role: Role, now: Date): Promise<{ id: string; before: Role } | undefined> {
    const [user] = await db.select({ id: users.id, before: users.role }).from(users).where(eq(users.email, email)).for('no key update');
    if (user === undefined) return undefined;
    if (user.before !== role) await db.update(users).set({ role, updatedAt: now }).where(eq(users.id, user.id));
    return user;
  },
};
