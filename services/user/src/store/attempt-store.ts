import { eq, lt, sql } from 'drizzle-orm';
import type { Queryable } from './queryable.ts';
import { attempts } from './tables.ts';

/** How long until the next attempt may follow, by how many have failed: free ones first, then twice as long each time. */
export interface DelayCurve {
  readonly free: number;
  readonly firstMs: number;
  readonly maxMs: number;
  /** Failures this long ago are forgotten. */
  readonly forgetMs: number;
}

export interface AttemptDecision {
  readonly allowed: boolean;
  /** Refused: milliseconds until it may be tried again. */
  readonly waitMs: number;
  /** Attempts counted, this one included. */
  readonly failures: number;
}

/** Named queries on `attempts`. */
export const attemptStore = {
  /**
   * Counts an attempt as a failure before it is made, or refuses it; one statement, so that of many at once no two pass as one.
   * Whoever was right takes it back with `forget` or `refund`.
   *
   * @param entryMs where the key is new, it must wait so long first.
   */
  async take(db: Queryable, key: Buffer, curve: DelayCurve, now: Date, entryMs = 0): Promise<AttemptDecision> {
    const at = sql`${now.toISOString()}::timestamptz`;
    const delayOf = (failures: ReturnType<typeof sql>): ReturnType<typeof sql> => sql`(CASE WHEN ${failures} < ${curve.free}::int THEN 0
      ELSE least(${curve.maxMs}::float8, ${curve.firstMs}::float8 * power(2, least(${failures} - ${curve.free}::int, 40))) END * interval '1 millisecond')`;
    // In the update, the bare table name is the row as it was; a row whose failures are old counts as new.
    const old = sql`${attempts.updatedAt} < ${at} - ${curve.forgetMs}::float8 * interval '1 millisecond'`;
    const before = sql`(CASE WHEN ${old} THEN 0 ELSE ${attempts.failures} END)`;
    const { rows } = await db.execute<{ allowed: boolean; wait_ms: number; failures: number }>(sql`
      WITH taken AS (
        INSERT INTO ${attempts} (key, failures, next_allowed_at, updated_at)
        VALUES (${key}, CASE WHEN ${entryMs}::float8 > 0 THEN 0 ELSE 1 END,
          ${at} + CASE WHEN ${entryMs}::float8 > 0 THEN ${entryMs}::float8 * interval '1 millisecond' ELSE ${delayOf(sql`1`)} END, ${at})
        ON CONFLICT (key) DO UPDATE SET
          failures = ${before} + 1,
          next_allowed_at = ${at} + ${delayOf(sql`(${before} + 1)`)},
          updated_at = ${at}
        WHERE ${old} OR ${attempts.nextAllowedAt} <= ${at}
        RETURNING failures)
      SELECT failures > 0 AS allowed, CASE WHEN failures > 0 THEN 0 ELSE ${entryMs}::float8 END AS wait_ms, failures FROM taken
      UNION ALL
      SELECT false, extract(epoch FROM next_allowed_at - ${at}) * 1000, failures FROM ${attempts}
      WHERE key = ${key} AND NOT EXISTS (SELECT 1 FROM taken)`);
    const [row] = rows;
    // No row: another transaction has just made it, and this statement could not see it yet. The next attempt can.
    if (row === undefined) return { allowed: false, waitMs: curve.firstMs, failures: 0 };
    return { allowed: row.allowed, waitMs: Math.max(0, Math.ceil(row.wait_ms)), failures: row.failures };
  },

  /** Forgets the failures of a key. */
  async forget(db: Queryable, key: Buffer): Promise<void> {
    await db.delete(attempts).where(eq(attempts.key, key));
  },

  /** Takes back one attempt that was no failure. */
  async refund(db: Queryable, key: Buffer, now: Date): Promise<void> {
    await db
      .update(attempts)
      .set({ failures: sql`greatest(0, ${attempts.failures} - 1)`, nextAllowedAt: now })
      .where(eq(attempts.key, key));
  },

  /** How many attempts of a key have failed within the curve's memory. */
  async failures(db: Queryable, key: Buffer, curve: DelayCurve, now: Date): Promise<number> {
    const [row] = await db.select().from(attempts).where(eq(attempts.key, key));
    return row === undefined || row.updatedAt.getTime() < now.getTime() - curve.forgetMs ? 0 : row.failures;
  },

  /** Removes at most `limit` keys that nothing has happened to since `before`; tells how many. */
  async prune(db: Queryable, before: Date, limit: number): Promise<number> {
    const pruned = await db
      .delete(attempts)
      .where(sql`${attempts.key} IN (SELECT key FROM ${attempts} WHERE ${lt(attempts.updatedAt, before)} LIMIT ${limit})`)
      .returning({ key: attempts.key });
    return pruned.length;
  },
};
