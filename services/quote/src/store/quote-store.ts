import { and, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Database, Transaction } from '@quotemaster/postgres';
import type { Cursor } from '@quotemaster/postgres';
import type { Quote, QuoteSource } from '../domain/quote.ts';
import { quotesTable } from './quotes-table.ts';

/** Which of a user's quotes a list shows; an absent filter lets all through. */
export interface QuoteFilters {
  readonly source?: QuoteSource | undefined;
  readonly tone?: string | undefined;
  readonly tag?: string | undefined;
  readonly favorite?: boolean | undefined;
  readonly minQuality?: number | undefined;
  /** At or after. */
  readonly from?: Date | undefined;
  /** Before. */
  readonly to?: Date | undefined;
}

/**
 * The table of quotes. Every call names the user: what is another's can't be reached.
 *
 * A method that writes takes the transaction that it is part of.
 */
export interface QuoteStore {
  find(userId: string, id: string): Promise<Quote | undefined>;
  /** Reads one and locks it until the transaction ends. */
  findForUpdate(tx: Transaction, userId: string, id: string): Promise<Quote | undefined>;
  /** Gives up to `limit` quotes after the cursor, newest first by (createdAt, id). */
  list(userId: string, filters: QuoteFilters, after: Cursor | undefined, limit: number): Promise<Quote[]>;
  /** Gives those of the hashes that the user holds, in whatever way they came by them. */
  ownedHashes(userId: string, hashes: readonly string[]): Promise<Set<string>>;
  /** Gives the user's quotes with these hashes, the oldest of each hash. */
  findByHashes(tx: Transaction, userId: string, hashes: readonly string[]): Promise<Quote[]>;
  insert(tx: Transaction, quote: Quote): Promise<void>;
  /** Stores generated quotes and gives the ids of those stored; one that the user was given meanwhile is left out. */
  insertGenerated(tx: Transaction, quotes: readonly Quote[]): Promise<Set<string>>;
  /** Writes the quote as it now stands. */
  update(tx: Transaction, quote: Quote): Promise<void>;
  /** Gives false when there was nothing to delete. */
  delete(tx: Transaction, userId: string, id: string): Promise<boolean>;
  /** Deletes up to `limit` of the user's quotes and tells how many those were. */
  deleteSome(tx: Transaction, userId: string, limit: number): Promise<number>;
}

export function createQuoteStore(db: Database): QuoteStore {
  return {
    async find(userId, id) {
      const [quote] = await db.select().from(quotesTable).where(isOwn(userId, id));
      return quote;
    },
    async findForUpdate(tx, userId, id) {
      const [quote] = await tx.select().from(quotesTable).where(isOwn(userId, id)).for('update');
      return quote;
    },
    list: (userId, filters, after, limit) =>
      db
        .select()
        .from(quotesTable)
        .where(and(eq(quotesTable.userId, userId), ...toConditions(filters), after && isAfter(after)))
        .orderBy(desc(quotesTable.createdAt), desc(quotesTable.id))
        .limit(limit),
    async ownedHashes(userId, hashes) {
      if (hashes.length === 0) return new Set();
      const rows = await db.selectDistinct({ textHash: quotesTable.textHash }).from(quotesTable).where(hasHash(userId, hashes));
      return new Set(rows.map((row) => row.textHash));
    },
    findByHashes: (tx, userId, hashes) =>
      hashes.length === 0
        ? Promise.resolve([])
        : tx
            .selectDistinctOn([quotesTable.textHash])
            .from(quotesTable)
            .where(hasHash(userId, hashes))
            .orderBy(quotesTable.textHash, quotesTable.createdAt),
    async insert(tx, quote) {
      await tx.insert(quotesTable).values(quote);
    },
    async insertGenerated(tx, quotes) {
      if (quotes.length === 0) return new Set();
      // In the order of the hashes, so that two transactions that insert the same texts wait for each other one way only.
      const rows = quotes.toSorted((a, b) => (a.textHash < b.textHash ? -1 : 1));
      const stored = await tx.insert(quotesTable).values(rows).onConflictDoNothing().returning({ id: quotesTable.id });
      return new Set(stored.map((row) => row.id));
    },
    async update(tx, quote) {
      const { id, userId, ...columns } = quote;
      await tx.update(quotesTable).set(columns).where(isOwn(userId, id));
    },
    async delete(tx, userId, id) {
      const deleted = await tx.delete(quotesTable).where(isOwn(userId, id)).returning({ id: quotesTable.id });
      return deleted.length > 0;
    },
    async deleteSome(tx, userId, limit) {
      const some = tx.select({ id: quotesTable.id }).from(quotesTable).where(eq(quotesTable.userId, userId)).limit(limit);
      const deleted = await tx.delete(quotesTable).where(inArray(quotesTable.id, some)).returning({ id: quotesTable.id });
      return deleted.length;
    },
  };
}

function isOwn(userId: string, id: string): SQL | undefined {
  return and(eq(quotesTable.userId, userId), eq(quotesTable.id, id));
}

function hasHash(userId: string, hashes: readonly string[]): SQL | undefined {
  return and(eq(quotesTable.userId, userId), inArray(quotesTable.textHash, [...hashes]));
}

/** A row comparison, which the index answers in one step, where two conditions with `or` would not be. */
function isAfter({ createdAt, id }: Cursor): SQL {
  return sql`(${quotesTable.createdAt}, ${quotesTable.id}) < (${createdAt.toISOString()}::timestamptz, ${id}::uuid)`;
}

function toConditions({ source, tone, tag, favorite, minQuality, from, to }: QuoteFilters): (SQL | undefined)[] {
  return [
    source === undefined ? undefined : eq(quotesTable.source, source),
    tone === undefined ? undefined : eq(quotesTable.emotionalTone, tone),
    tag === undefined ? undefined : sql`${quotesTable.tags} @> array[${tag}]::text[]`,
    favorite === undefined ? undefined : eq(quotesTable.favorite, favorite),
    minQuality === undefined ? undefined : gte(quotesTable.qualityScore, minQuality),
    from && gte(quotesTable.createdAt, from),
    to && lt(quotesTable.createdAt, to),
  ];
}
