import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@quotemaster/lifecycle';
import { withSpan } from '@quotemaster/observe';
import { createMemoryLog } from '@quotemaster/testkit/memory-log';
import { createTestTracing } from '@quotemaster/testkit/test-tracing';
import { waitUntil } from '@quotemaster/testkit/wait-until';
import type { TestTracing } from '@quotemaster/testkit/test-tracing';
import { sql } from 'drizzle-orm';
import { openNotes } from '../test/support.ts';
import type { NotesDatabase } from '../test/support.ts';
import { appendOutbox, createOutboxRelay } from './index.ts';

let tracing: TestTracing;
let notes: NotesDatabase;
beforeAll(async () => {
  tracing = createTestTracing();
  notes = await openNotes();
});
afterAll(async () => {
  await notes.stop();
  await tracing.stop();
});

describe('tracing', () => {
  it('shows a transaction and its statements by name, never a value', async () => {
    const traceId = await withSpan('request', {}, async (span) => {
      await notes.postgres.transaction((tx) => tx.execute(sql`INSERT INTO notes (body) VALUES (${'a private thought'})`));
      return span.spanContext().traceId;
    });
    const spans = tracing.spans(traceId);
    expect(spans.map(({ name, attributes }) => attributes['db.query.summary'] ?? name)).toEqual([
      'BEGIN',
      'INSERT notes',
      'COMMIT',
      'postgres.transaction',
      'request',
    ]);
    expect(JSON.stringify(spans)).not.toContain('private thought');
  });

  it('follows an event through the outbox to its publish', async () => {
    const traceId = await withSpan('request', {}, async (span) => {
      await notes.postgres.transaction((tx) => appendOutbox(tx, { topic: 'note.created', key: 'k', payload: {} }));
      return span.spanContext().traceId;
    });
    const { logger } = createMemoryLog();
    const relay = createOutboxRelay({
      postgres: notes.postgres,
      publish: () => withSpan('bus', {}, () => undefined),
      lease: { acquire: async () => ({ renew: async () => true, release: async () => undefined }) },
      clock: systemClock,
      logger,
      metrics: notes.metrics,
      pollMs: 20,
    });
    await relay.start?.();
    await waitUntil('the publish span', () => tracing.spans(traceId).some((span) => span.name === 'bus'));
    await relay.stop?.();
    expect(tracing.tree(traceId)).toContain('    consumer publish note.created\n      internal bus');
  });

  it('makes no trace of its own for work that nobody asked for', async () => {
    const before = tracing.spans().length;
    await notes.postgres.ping();
    expect(tracing.spans()).toHaveLength(before);
  });
});
