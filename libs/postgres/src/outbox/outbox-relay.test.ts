import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@quotemaster/lifecycle';
import type { Component } from '@quotemaster/lifecycle';
import { createMetrics } from '@quotemaster/observe';
import { createMemoryLog } from '@quotemaster/testkit/memory-log';
import { waitUntil } from '@quotemaster/testkit/wait-until';
import { sql } from 'drizzle-orm';
import { openNotes } from '../../test/support.ts';
import type { NotesDatabase } from '../../test/support.ts';
import { appendOutbox, createOutboxRelay } from '../index.ts';
import type { LeaseSource, OutboxEvent, OutboxRelayOptions } from '../index.ts';

let notes: NotesDatabase;
beforeAll(async () => {
  notes = await openNotes();
});
afterAll(() => notes.stop());

const running: Component[] = [];
beforeEach(async () => {
  await notes.postgres.db.execute(sql`DELETE FROM outbox`);
});
afterEach(async () => {
  for (const relay of running.splice(0)) await relay.stop?.();
});

/** Everybody leads: the relay must be right without the lease's help. */
const everybody: LeaseSource = { acquire: async () => ({ renew: async () => true, release: async () => undefined }) };

function startRelay(options: Pick<OutboxRelayOptions, 'publish'> & Partial<OutboxRelayOptions>): Component {
  const { logger } = createMemoryLog();
  const relay = createOutboxRelay({
    postgres: notes.postgres,
    lease: everybody,
    clock: systemClock,
    logger,
    metrics: notes.metrics,
    pollMs: 20,
    retryMs: 10,
    ...options,
  });
  void relay.start?.();
  running.push(relay);
  return relay;
}

const append = (topic: string, key = 'k', payload: unknown = {}): Promise<string> =>
  notes.postgres.transaction((tx) => appendOutbox(tx, { topic, key, payload }));
const states = async (): Promise<unknown[]> =>
  (await notes.postgres.db.execute(sql`SELECT state FROM outbox ORDER BY id`)).rows.map((row) => row['state']);
const allSent = async (): Promise<boolean> => (await states()).every((state) => state === 'sent');

describe('appendOutbox', () => {
  it('publishes nothing of a transaction that is rolled back', async () => {
    const failing = notes.postgres.transaction(async (tx) => {
      await appendOutbox(tx, { topic: 'never', key: 'k', payload: {} });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await states()).toEqual([]);
  });

  it('makes one NOTIFY of many commits, and none inside a transaction', async () => {
    const listener = await notes.postgres.connect();
    let heard = 0;
    listener.on('notification', () => (heard += 1));
    await listener.query('LISTEN notes_outbox');
    await Promise.all(Array.from({ length: 50 }, (_, index) => append('many', String(index))));
    await waitUntil('a NOTIFY', () => heard > 0);
    await listener.query('SELECT 1');
    expect(heard).toBeLessThan(25);
    await listener.end();
  });
});

describe('the relay', () => {
  it('publishes an event as it was appended, marks it sent and counts it', async () => {
    const published: OutboxEvent[] = [];
    const id = await append('note.created', 'note-1', { words: ['a', { b: 1 }], none: null });
    startRelay({ publish: async (event) => void published.push(event) });
    await waitUntil('it is sent', allSent);
    expect(published).toEqual([
      {
        id,
        topic: 'note.created',
        key: 'note-1',
        payload: { words: ['a', { b: 1 }], none: null },
        occurredAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
    expect(await notes.metrics.registry.metrics()).toContain('outbox_published_total{topic="note.created",outcome="sent"');
  });

  it('is woken by the commit, long before it would poll', async () => {
    const published: string[] = [];
    startRelay({ pollMs: 3_600_000, publish: async ({ topic }) => void published.push(topic) });
    const listening = async (): Promise<boolean> =>
      (
        await notes
          .connect({ url: notes.database.adminUrl })
          .db.execute(sql`SELECT 1 FROM pg_stat_activity WHERE query = 'LISTEN "notes_outbox"'`)
      ).rows.length > 0;
    await waitUntil('it listens', listening);
    await append('woken');
    await waitUntil('it is published', () => published.includes('woken'));
  });

  it('listens again after its connection was lost', async () => {
    const log = createMemoryLog();
    const published: string[] = [];
    startRelay({ pollMs: 3_600_000, logger: log.logger, publish: async ({ topic }) => void published.push(topic) });
    const admin = notes.connect({ url: notes.database.adminUrl });
    const cut = async (): Promise<boolean> =>
      (await admin.db.execute(sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN "notes_outbox"'`)).rows
        .length > 0;
    await waitUntil('the connection is cut', cut);
    await append('while deaf');
    await waitUntil('it is published', () => published.includes('while deaf'));
  });

  it('finds rows by its poll where no NOTIFY comes', async () => {
    const published: string[] = [];
    startRelay({ publish: async ({ topic }) => void published.push(topic) });
    await notes.postgres.db.execute(sql`INSERT INTO outbox (id, topic, key, payload) VALUES (gen_random_uuid(), 'quiet', 'k', '{}')`);
    await waitUntil('it is published', () => published.includes('quiet'));
  });

  it('publishes a row whose transaction commits after later ones', async () => {
    const published: string[] = [];
    startRelay({ publish: async ({ topic }) => void published.push(topic) });
    await notes.postgres.transaction(async (tx) => {
      await appendOutbox(tx, { topic: 'early id, late commit', key: 'k', payload: {} });
      await append('late id, early commit');
      await waitUntil('the later one is published', () => published.includes('late id, early commit'));
    });
    await waitUntil('the earlier one is published', () => published.includes('early id, late commit'));
  });

  it('keeps the order of a key', async () => {
    const published: unknown[] = [];
    const events = Array.from({ length: 120 }, (_, index) => index);
    await notes.postgres.transaction(async (tx) => {
      for (const index of events) await appendOutbox(tx, { topic: 'ordered', key: 'one', payload: index });
    });
    startRelay({ publish: async ({ payload }) => void published.push(payload) });
    await waitUntil('all are sent', allSent);
    expect(published).toEqual(events);
  });

  it('tries a failed event again and again, with growing pauses, and keeps the row', async () => {
    await append('stubborn');
    const at: number[] = [];
    startRelay({
      publish: async () => {
        at.push(performance.now());
        if (at.length < 5) throw new Error('the bus is down');
      },
    });
    await waitUntil('it is sent', allSent);
    expect(at).toHaveLength(5);
    expect(at[4]! - at[3]!).toBeGreaterThanOrEqual(80);
  });

  it('does not let an event that always fails, or hangs, hold up others', async () => {
    const published: string[] = [];
    await append('poison', 'same');
    await append('hanging', 'other');
    await append('healthy', 'same');
    startRelay({
      publishTimeoutMs: 50,
      publish: async ({ topic }) => {
        if (topic === 'poison') throw new Error('unreadable');
        if (topic === 'hanging') await new Promise(() => undefined);
        published.push(topic);
      },
    });
    await waitUntil('the healthy one is sent, alone', async () => String(await states()) === 'pending,pending,sent');
    expect(published).toEqual(['healthy']);
  });

  it('loses nothing and publishes nothing twice when two of them share the work', async () => {
    const published: string[] = [];
    const publish = async ({ id }: OutboxEvent): Promise<void> => void published.push(id);
    startRelay({ publish });
    startRelay({ publish, postgres: notes.connect() });
    const appended = await Promise.all(Array.from({ length: 200 }, (_, index) => append('shared', String(index))));
    await waitUntil('all are sent', allSent);
    expect([...published].sort()).toEqual([...appended].sort());
  });

  it('does nothing while somebody else has the lease, and takes over when it is free', async () => {
    let free = false;
    const published: string[] = [];
    const released: string[] = [];
    const lease: LeaseSource = {
      acquire: async (name) => (free ? { renew: async () => true, release: async () => void released.push(name) } : undefined),
    };
    let time = 0;
    const relay = startRelay({
      lease,
      clock: { monotonic: () => (time += 500) },
      publish: async ({ topic }) => void published.push(topic),
    });
    await append('waiting');
    await waitUntil('it has asked a few times', () => time > 3_000);
    expect(published).toEqual([]);
    free = true;
    await waitUntil('it is published', () => published.includes('waiting'));
    await relay.stop?.();
    expect(released).toEqual(['outbox:notes']);
  });

  it('prunes events that were sent long ago and tells how far it is behind', async () => {
    const metrics = createMetrics({ service: 'notes' });
    await append('old');
    await notes.postgres.db.execute(sql`UPDATE outbox SET state = 'sent', sent_at = now() - interval '2 hours'`);
    await append('stuck');
    await notes.postgres.db.execute(sql`UPDATE outbox SET created_at = now() - interval '1 minute' WHERE topic = 'stuck'`);
    startRelay({
      metrics,
      publish: async () => {
        throw new Error('down');
      },
    });
    await waitUntil('it has kept house', async () => (await metrics.registry.metrics()).match(/outbox_lag_seconds\{[^}]*\} (6\d)/));
    expect(await metrics.registry.metrics()).toMatch(/outbox_pending_events\{[^}]*\} 1\n/);
    expect(await states()).toEqual(['pending']);
  });

  it('goes on after the database was away', async () => {
    const published: string[] = [];
    const own = notes.connect({ service: 'relay-cut' });
    startRelay({ postgres: own, publish: async ({ topic }) => void published.push(topic) });
    await notes
      .connect({ url: notes.database.adminUrl })
      .db.execute(sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'relay-cut%'`);
    await append('after');
    await waitUntil('it is published', () => published.includes('after'));
  });
});

describe('a process that is killed', () => {
  const child = join(import.meta.dirname, '../../test/relay-child.ts');

  /** Runs a relay in a process of its own, kills it at the moment named, and gives the ids it had published. */
  async function killRelay(moment: 'before publish' | 'after publish'): Promise<string[]> {
    const relay = spawn(process.execPath, [child, notes.database.appUrl('notes').reveal(), moment], {
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const published: string[] = [];
    for await (const line of createInterface({ input: relay.stdout })) {
      if (line.startsWith('published ')) published.push(line.slice('published '.length));
      if (line === 'kill me') relay.kill('SIGKILL');
    }
    if (relay.exitCode === null && relay.signalCode === null) await once(relay, 'exit');
    expect(relay.signalCode).toBe('SIGKILL');
    return published;
  }

  it('between commit and publish has its event delivered by the next', async () => {
    const id = await append('survivor');
    expect(await killRelay('before publish')).toEqual([]);
    const published: string[] = [];
    startRelay({ publish: async (event) => void published.push(event.id) });
    await waitUntil('it is sent', allSent);
    expect(published).toEqual([id]);
  }, 30_000);

  it('between publish and mark has its event delivered twice at most, never lost', async () => {
    const id = await append('survivor');
    const published = await killRelay('after publish');
    startRelay({ publish: async (event) => void published.push(event.id) });
    await waitUntil('it is sent', allSent);
    expect(published).toEqual([id, id]);
  }, 30_000);
});
