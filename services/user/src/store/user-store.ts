import { eq, sql } from 'drizzle-orm';
import type { Role } from '@quotemaster/auth';
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

export type UserAccount = Omit<UserCredentials, 'hashedPassword'>;

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
    user: Pick<UserCredentials, 'id' | 'email' | 'username' | 'fullName' | 'hashedPassword' | 'createdAt'>,
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
