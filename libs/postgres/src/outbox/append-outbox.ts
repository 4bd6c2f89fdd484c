import { activeTraceparent } from '@quotemaster/observe';
import { sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database.ts';
import { requireOpenTransaction } from '../open-transactions.ts';

export interface OutboxAppend {
  /** What the event bus calls it: `quote.created`. */
  readonly topic: string;
  /** The id of what it is about. Events of one key are published in order, as far as failures allow. */
  readonly key: string;
  /** Whatever JSON can hold. */
  readonly payload: unknown;
  /** The trace it belongs to; the active one where none is given. */
  readonly traceparent?: string;
}

/**
 * Adds an event to the outbox in the transaction of what it tells: both are committed, or neither.
 *
 * The relay is woken after the commit.
 * @returns the event's id, a UUIDv7.
 */
export async function appendOutbox(tx: Transaction, event: OutboxAppend): Promise<string> {
  const { afterCommit, wakeRelays } = requireOpenTransaction(tx);
  const id = uuidv7();
  await tx.execute(sql`
    INSERT INTO outbox (id, topic, key, payload, traceparent)
    VALUES (${id}, ${event.topic}, ${event.key}, ${JSON.stringify(event.payload)}::jsonb, ${event.traceparent ?? activeTraceparent() ?? null})`);
  afterCommit.add(wakeRelays);
  return id;
}
