import { sql } from 'drizzle-orm';
import type { Transaction } from '@quotemaster/postgres';

/**
 * What else this service keeps that names a user: answers stored for idempotency keys and events in the outbox. They go by
 * themselves after hours; an erasure does not wait for that.
 */
export interface TraceStore {
  /** Deletes up to `limit` stored answers of a user and tells how many those were. */
  deleteSomeAnswers(tx: Transaction, userId: string, limit: number): Promise<number>;
  /** Deletes up to `limit` events about a user, sent or not, and tells how many those were. */
  deleteSomeEvents(tx: Transaction, userId: string, limit: number): Promise<number>;
}

export function createTraceStore(): TraceStore {
  return {
    async deleteSomeAnswers(tx, userId, limit) {
      const { rowCount } = await tx.execute(
        sql`delete from idempotency where (scope, method, key) in (select scope, method, key from idempotency where scope = ${userId} limit ${limit})`,
      );
      return rowCount ?? 0;
    },
    async deleteSomeEvents(tx, userId, limit) {
      const { rowCount } = await tx.execute(
        sql`delete from outbox where id in (select id from outbox where key = ${userId} limit ${limit})`,
      );
      return rowCount ?? 0;
    },
  };
}
