import { and, eq, lt, sql } from 'drizzle-orm';
import type { Transaction } from '@quotemaster/postgres';
import type { Queryable } from './queryable.ts';
import { mails, mailTokens } from './tables.ts';
import type { MailPurpose } from './tables.ts';

export type MailRow = Readonly<typeof mails.$inferSelect>;

/** Named queries on `mails` and `mail_tokens`. */
export const mailStore = {
  async append(db: Queryable, mail: Pick<MailRow, 'id' | 'userId' | 'kind' | 'sealed' | 'createdAt'>): Promise<void> {
    await db.insert(mails).values({ ...mail, nextAttemptAt: mail.createdAt });
  },

  /** The mail that is due longest, held until the transaction ends; others take others. */
  async claim(tx: Transaction, now: Date): Promise<MailRow | undefined> {
    const [mail] = await tx
      .select()
      .from(mails)
      .where(lt(mails.nextAttemptAt, new Date(now.getTime() + 1)))
      .orderBy(mails.nextAttemptAt, mails.id)
      .limit(1)
      .for('update', { skipLocked: true });
    return mail;
  },

  async postpone(db: Queryable, id: string, until: Date): Promise<void> {
    await db
      .update(mails)
      .set({ attempts: sql`${mails.attempts} + 1`, nextAttemptAt: until })
      .where(eq(mails.id, id));
  },

  async delete(db: Queryable, id: string): Promise<void> {
    await db.delete(mails).where(eq(mails.id, id));
  },

  async count(db: Queryable): Promise<number> {
    return db.$count(mails);
  },

  /** Puts a token in the place of the one before it. */
  async replaceToken(db: Queryable, token: typeof mailTokens.$inferInsert): Promise<void> {
    const { hash, email, createdAt, expiresAt } = token;
    await db
      .insert(mailTokens)
      .values(token)
      .onConflictDoUpdate({ target: [mailTokens.userId, mailTokens.purpose], set: { hash, email, createdAt, expiresAt } });
  },

  /** Spends a token: it is gone, whoever tries it next. Gives what it was good for, if it was. */
  async takeToken(db: Queryable, hash: Buffer, purpose: MailPurpose, now: Date): Promise<{ userId: string; email: string } | undefined> {
    const [token] = await db
      .delete(mailTokens)
      .where(and(eq(mailTokens.hash, hash), eq(mailTokens.purpose, purpose)))
      .returning();
    return token === undefined || token.expiresAt <= now ? undefined : { userId: token.userId, email: token.email };
  },

  async deleteTokens(db: Queryable, userId: string): Promise<void> {
    await db.delete(mailTokens).where(eq(mailTokens.userId, userId));
  },

  async pruneTokens(db: Queryable, now: Date): Promise<void> {
    await db.delete(mailTokens).where(lt(mailTokens.expiresAt, now));
  },
};
