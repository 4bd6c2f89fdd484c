import { and, desc, eq, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import type { Cursor } from '@quotemaster/postgres';
import { after } from './keyset.ts';
import type { Queryable } from './queryable.ts';
import { passkeys, recoveryCodes, totpFactors, webauthnChallenges } from './tables.ts';

export type TotpFactor = Readonly<typeof totpFactors.$inferSelect>;
export type PasskeyRow = Readonly<typeof passkeys.$inferSelect>;

export interface FactorCounts {
  /** An authenticator is on. */
  readonly totp: boolean;
  readonly passkeys: number;
  readonly recoveryCodesLeft: number;
}

/** Named queries on second factors. Codes are taken by one statement each, so that of two at once one is refused. */
export const factorStore = {
  async count(db: Queryable, userId: string): Promise<FactorCounts> {
    const { rows } = await db.execute<{ totp: boolean; passkeys: number; codes: number }>(sql`
      SELECT EXISTS (SELECT 1 FROM ${totpFactors} WHERE user_id = ${userId} AND confirmed_at IS NOT NULL) AS totp,
             (SELECT count(*)::int FROM ${passkeys} WHERE user_id = ${userId}) AS passkeys,
             (SELECT count(*)::int FROM ${recoveryCodes} WHERE user_id = ${userId} AND used_at IS NULL) AS codes`);
    const [row] = rows;
    return { totp: row?.totp ?? false, passkeys: row?.passkeys ?? 0, recoveryCodesLeft: row?.codes ?? 0 };
  },

  async findTotp(db: Queryable, userId: string): Promise<TotpFactor | undefined> {
    const [factor] = await db.select().from(totpFactors).where(eq(totpFactors.userId, userId));
    return factor;
  },

  /** Enrols a secret that is not on yet. False where one is on. */
  async enrolTotp(db: Queryable, userId: string, sealedSecret: Buffer, now: Date): Promise<boolean> {
    const enrolled = await db
      .insert(totpFactors)
      .values({ userId, sealedSecret, createdAt: now })
      .onConflictDoUpdate({
        target: totpFactors.userId,
        set: { sealedSecret, createdAt: now, lastStep: null },
        setWhere: isNull(totpFactors.confirmedAt),
      })
      .returning({ userId: totpFactors.userId });
    return enrolled.length > 0;
  },

  /** Takes the code of a step, unless it or a later one was taken before. */
  async takeStep(db: Queryable, userId: string, step: number): Promise<boolean> {
    const taken = await db
      .update(totpFactors)
      .set({ lastStep: step })
      .where(sql`${totpFactors.userId} = ${userId} AND coalesce(${totpFactors.lastStep}, -1) < ${step}`)
      .returning({ userId: totpFactors.userId });
    return taken.length > 0;
  },

  async confirmTotp(db: Queryable, userId: string, now: Date): Promise<boolean> {
    const confirmed = await db
      .update(totpFactors)
      .set({ confirmedAt: now })
      .where(and(eq(totpFactors.userId, userId), isNull(totpFactors.confirmedAt)))
      .returning({ userId: totpFactors.userId });
    return confirmed.length > 0;
  },

  async removeTotp(db: Queryable, userId: string): Promise<boolean> {
    const removed = await db
      .delete(totpFactors)
      .where(and(eq(totpFactors.userId, userId), isNotNull(totpFactors.confirmedAt)))
      .returning({ userId: totpFactors.userId });
    return removed.length > 0;
  },

  async replaceRecoveryCodes(db: Queryable, userId: string, hashes: readonly Buffer[]): Promise<void> {
    await db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
    if (hashes.length > 0) await db.insert(recoveryCodes).values(hashes.map((hash) => ({ userId, hash })));
  },

  async takeRecoveryCode(db: Queryable, userId: string, hash: Buffer, now: Date): Promise<boolean> {
    const taken = await db
      .update(recoveryCodes)
      .set({ usedAt: now })
      .where(and(eq(recoveryCodes.userId, userId), eq(recoveryCodes.hash, hash), isNull(recoveryCodes.usedAt)))
      .returning({ userId: recoveryCodes.userId });
    return taken.length > 0;
  },

  async addPasskey(db: Queryable, passkey: typeof passkeys.$inferInsert): Promise<void> {
    await db.insert(passkeys).values(passkey);
  },

  async findPasskey(db: Queryable, credentialId: Buffer): Promise<PasskeyRow | undefined> {
    const [passkey] = await db.select().from(passkeys).where(eq(passkeys.credentialId, credentialId));
    return passkey;
  },

  async listPasskeys(db: Queryable, userId: string, cursor?: Cursor, limit = 100): Promise<readonly PasskeyRow[]> {
    return db
      .select()
      .from(passkeys)
      .where(and(eq(passkeys.userId, userId), after(passkeys, cursor)))
      .orderBy(desc(passkeys.createdAt), desc(passkeys.id))
      .limit(limit);
  },

  async usePasskey(db: Queryable, id: string, use: { counter: number; backedUp: boolean; lastUsedAt: Date }): Promise<void> {
    await db.update(passkeys).set(use).where(eq(passkeys.id, id));
  },

  async removePasskey(db: Queryable, userId: string, id: string): Promise<boolean> {
    const removed = await db
      .delete(passkeys)
      .where(and(eq(passkeys.userId, userId), eq(passkeys.id, id)))
      .returning({ id: passkeys.id });
    return removed.length > 0;
  },

  async addChallenge(db: Queryable, challenge: typeof webauthnChallenges.$inferInsert): Promise<void> {
    await db.insert(webauthnChallenges).values(challenge);
  },

  /** Spends a challenge: it is gone, whoever tries it next. */
  async takeChallenge(
    db: Queryable,
    hash: Buffer,
    purpose: 'register' | 'authenticate',
    now: Date,
  ): Promise<{ userId: string | null } | undefined> {
    const [challenge] = await db
      .delete(webauthnChallenges)
      .where(and(eq(webauthnChallenges.hash, hash), eq(webauthnChallenges.purpose, purpose)))
      .returning();
    return challenge === undefined || challenge.expiresAt <= now ? undefined : { userId: challenge.userId };
  },

  async pruneChallenges(db: Queryable, now: Date): Promise<void> {
    await db.delete(webauthnChallenges).where(lt(webauthnChallenges.expiresAt, now));
  },

  /** Removes every second factor of an account, for an owner who has taken it over. */
  async removeAll(db: Queryable, userId: string): Promise<void> {
    await db.delete(totpFactors).where(eq(totpFactors.userId, userId));
    await db.delete(passkeys).where(eq(passkeys.userId, userId));
    await db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  },
};
