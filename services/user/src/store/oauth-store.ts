import { and, eq, lt } from 'drizzle-orm';
import type { Queryable } from './queryable.ts';
import { oauthCodes, oauthFlows, oauthLinks } from './tables.ts';

export type OAuthFlow = Readonly<typeof oauthFlows.$inferSelect>;
export type OAuthCode = Readonly<typeof oauthCodes.$inferSelect>;
export type OAuthLinkRow = Readonly<typeof oauthLinks.$inferSelect>;

/** Named queries on sign-ins through providers. */
export const oauthStore = {
  async addFlow(db: Queryable, flow: typeof oauthFlows.$inferInsert): Promise<void> {
    await db.insert(oauthFlows).values(flow);
  },

  /** Spends a flow: a callback that comes twice finds it once. */
  async takeFlow(db: Queryable, stateHash: Buffer): Promise<OAuthFlow | undefined> {
    const [flow] = await db.delete(oauthFlows).where(eq(oauthFlows.stateHash, stateHash)).returning();
    return flow;
  },

  async addCode(db: Queryable, code: typeof oauthCodes.$inferInsert): Promise<void> {
    await db.insert(oauthCodes).values(code);
  },

  /** Reads a code and holds it until the transaction ends: of two exchanges at once one waits and finds it gone. */
  async lockCode(db: Queryable, hash: Buffer): Promise<OAuthCode | undefined> {
    const [code] = await db.select().from(oauthCodes).where(eq(oauthCodes.hash, hash)).for('update');
    return code;
  },

  async deleteCode(db: Queryable, hash: Buffer): Promise<void> {
    await db.delete(oauthCodes).where(eq(oauthCodes.hash, hash));
  },

  async findLink(db: Queryable, provider: string, subject: string): Promise<OAuthLinkRow | undefined> {
    const [link] = await db
      .select()
      .from(oauthLinks)
      .where(and(eq(oauthLinks.provider, provider), eq(oauthLinks.subject, subject)));
    return link;
  },

  async listLinks(db: Queryable, userId: string): Promise<readonly OAuthLinkRow[]> {
    return db.select().from(oauthLinks).where(eq(oauthLinks.userId, userId)).orderBy(oauthLinks.provider);
  },

  /** Adds a link, or renews address and tokens of the same. Violates a unique index where either end is linked elsewhere. */
  async putLink(db: Queryable, link: typeof oauthLinks.$inferInsert): Promise<void> {
    await db
      .insert(oauthLinks)
      .values(link)
      .onConflictDoUpdate({
        target: [oauthLinks.provider, oauthLinks.subject],
        set: { email: link.email ?? null, ...(link.sealedTokens ? { sealedTokens: link.sealedTokens } : {}) },
        setWhere: eq(oauthLinks.userId, link.userId),
      });
  },

  async removeLink(db: Queryable, userId: string, provider: string): Promise<OAuthLinkRow | undefined> {
    const [link] = await db
      .delete(oauthLinks)
      .where(and(eq(oauthLinks.userId, userId), eq(oauthLinks.provider, provider)))
      .returning();
    return link;
  },

  async removeLinks(db: Queryable, userId: string): Promise<void> {
    await db.delete(oauthLinks).where(eq(oauthLinks.userId, userId));
  },

  async prune(db: Queryable, now: Date): Promise<void> {
    await db.delete(oauthFlows).where(lt(oauthFlows.expiresAt, now));
    await db.delete(oauthCodes).where(lt(oauthCodes.expiresAt, now));
  },
};
