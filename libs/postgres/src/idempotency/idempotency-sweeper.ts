import type { Clock, Component } from '@quotemaster/lifecycle';
import { sql } from 'drizzle-orm';
import { createRepeater } from '../repeater.ts';
import type { Postgres } from '../create-postgres.ts';

export interface IdempotencySweeperOptions {
  readonly postgres: Postgres;
  readonly clock: Pick<Clock, 'now'>;
  readonly everyMs?: number;
  /** Rows a statement: a short lock each, however many there are. */
  readonly batchSize?: number;
}

/** A component that deletes expired idempotency records, in batches, every ten minutes unless told otherwise. */
export function createIdempotencySweeper(options: IdempotencySweeperOptions): Component & { sweep(): Promise<number> } {
  const { postgres, clock, everyMs = 600_000, batchSize = 1_000 } = options;

  /** Deletes what has expired and gives the number of records. Two sweepers at once share the work. */
  async function sweep(signal?: AbortSignal): Promise<number> {
    let swept = 0;
    for (;;) {
      const now = new Date(clock.now()).toISOString();
      const { rowCount } = await postgres.db.execute(sql`
        DELETE FROM idempotency WHERE (scope, method, key) IN (
          SELECT scope, method, key FROM idempotency WHERE expires_at <= ${now}
          ORDER BY expires_at LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)`);
      swept += rowCount ?? 0;
      if ((rowCount ?? 0) < batchSize || signal?.aborted === true) return swept;
    }
  }

  const repeater = createRepeater({
    everyMs,
    run: async (signal) => {
      await sweep(signal);
      return false;
    },
    onError: (error) => postgres.logger.warn({ err: error }, 'idempotency records were not swept'),
  });
  return { name: 'idempotency sweeper', sweep: () => sweep(), start: () => repeater.start(), stop: () => repeater.stop() };
}
