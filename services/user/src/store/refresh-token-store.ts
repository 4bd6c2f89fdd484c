import { and, eq, isNotNull } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Queryable } from './queryable.ts';
import { refreshTokens } from './tables.ts';

export interface RefreshTokenRow {
  readonly sessionId: string;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly sealedAnswer: Buffer | null;
  /** When the token that took its place was used. */
  readonly successorUsedAt: Date | null;
}

export interface NewRefreshToken {
  readonly hash: Buffer;
  readonly sessionId: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

const successor = alias(refreshTokens, 'successor');

/** Named queries on `refresh_tokens`. Those that change a family run while its session row is locked. */
export const refreshTokenStore = {
  async insert(db: Queryable, token: NewRefreshToken): Promise<void> {
    await db.insert(refreshTokens).values(token);
  },

  async find(db: Queryable, hash: Buffer): Promise<RefreshTokenRow | undefined> {
    const [token] = await db
      .select({
        sessionId: refreshTokens.sessionId,
        expiresAt: refreshTokens.expiresAt,
        usedAt: refreshTokens.usedAt,
        sealedAnswer: refreshTokens.sealedAnswer,
        successorUsedAt: successor.usedAt,
      })
      .from(refreshTokens)
      .leftJoin(successor, eq(successor.hash, refreshTokens.successorHash))
      .where(eq(refreshTokens.hash, hash));
    return token;
  },

  /** Spends a token: its successor takes its place and its predecessor's sealed answer, now useless, goes. */
  async rotate(db: Queryable, hash: Buffer, next: NewRefreshToken, sealedAnswer: Buffer): Promise<void> {
    await db
      .update(refreshTokens)
      .set({ sealedAnswer: null })
      .where(and(eq(refreshTokens.sessionId, next.sessionId), isNotNull(refreshTokens.sealedAnswer)));
    await db
      .update(refreshTokens)
      .set({ usedAt: next.issuedAt, successorHash: next.hash, sealedAnswer })
      .where(eq(refreshTokens.hash, hash));
    await db.insert(refreshTokens).values(next);
  },
};
