import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '../database.ts';

/** An event as it stands in the outbox and as it is published. */
export interface OutboxEvent {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly payload: unknown;
  /** When it was appended, RFC 3339 UTC. */
  readonly occurredAt: string;
  readonly traceparent?: string;
}

export interface ClaimedEvent {
  readonly event: OutboxEvent;
  /** How often it has failed. */
  readonly attempts: number;
}

interface Row extends Record<string, unknown> {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly payload: unknown;
  readonly traceparent: string | null;
  readonly attempts: number;
  readonly occurred_at_ms: number;
}

/**
 * Locks up to `limit` events that are due for the rest of the transaction, passing over those that another relay holds.
 * Their locks end with the connection, so what a killed relay held is due again at once. Time is the database's.
 */
export async function claimEvents(tx: Transaction, limit: number): Promise<ClaimedEvent[]> {
  const { rows } = await tx.execute<Row>(sql`
    SELECT id, topic, key, payload, traceparent, attempts, (extract(epoch FROM created_at) * 1000)::float8 AS occurred_at_ms
    FROM outbox WHERE state = 'pending' AND next_attempt_at <= now()
    ORDER BY next_attempt_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED`);
  return rows.map((row) => ({
    attempts: row.attempts,
    event: {
      id: row.id,
      topic: row.topic,
      key: row.key,
      payload: row.payload,
      occurredAt: new Date(row.occurred_at_ms).toISOString(),
      ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
    },
  }));
}

export async function markSent(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.execute(sql`UPDATE outbox SET state = 'sent', sent_at = now() WHERE id = ANY(${sql.param(ids)}::uuid[])`);
}

/** Keeps an event for another attempt, `delayMs` from now. */
export async function postpone(tx: Transaction, id: string, delayMs: number): Promise<void> {
  await tx.execute(sql`
    UPDATE outbox SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + ${delayMs}::float8 * interval '1 millisecond'
    WHERE id = ${id}`);
}

/** Deletes at most `limit` events sent more than `keepMs` ago and gives their number. */
export async function pruneSent(db: Database, keepMs: number, limit: number): Promise<number> {
  const { rowCount } = await db.execute(sql`
    DELETE FROM outbox WHERE id IN (
      SELECT id FROM outbox WHERE state = 'sent' AND sent_at < now() - ${keepMs}::float8 * interval '1 millisecond'
      ORDER BY sent_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`);
  return rowCount ?? 0;
}

/** Tells how many events wait (counted to 10,000) and how old the oldest is, in seconds. */
export async function measureLag(db: Database): Promise<{ pending: number; lagSeconds: number }> {
  const { rows } = await db.execute<{ pending: number; lag_seconds: number }>(sql`
    SELECT count(*)::int AS pending, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS lag_seconds
    FROM (SELECT created_at FROM outbox WHERE state = 'pending' ORDER BY next_attempt_at, id LIMIT 10000) AS waiting`);
  return { pending: rows[0]?.pending ?? 0, lagSeconds: Math.max(0, rows[0]?.lag_seconds ?? 0) };
}
