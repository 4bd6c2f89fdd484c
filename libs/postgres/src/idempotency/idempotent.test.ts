import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { commonErrors, isAppError } from '@quotemaster/errors';
import { systemClock } from '@quotemaster/lifecycle';
import { waitUntil } from '@quotemaster/testkit';
import { createFakeClock } from '@quotemaster/testkit/fake-clock';
import { sql } from 'drizzle-orm';
import { openNotes } from '../../test/support.ts';
import type { NotesDatabase } from '../../test/support.ts';
import { createIdempotencySweeper, fingerprintOf, idempotent } from '../index.ts';
import type { IdempotentOptions, IdempotentAnswer, IdempotentWork, Transaction } from '../index.ts';

let notes: NotesDatabase;
beforeAll(async () => {
  notes = await openNotes({ poolMax: 5, connectTimeoutMs: 10_000 });
});
afterAll(() => notes.stop());

let clock = createFakeClock();
beforeEach(async () => {
  clock = createFakeClock();
  await notes.postgres.db.execute(sql`DELETE FROM notes`);
  await notes.postgres.db.execute(sql`DELETE FROM idempotency`);
});

const hour = 3_600_000;
// Long enough that no claim is renewed while a test runs, save where one wants it.
const leaseMs = 60_000;
const request = (changes: Partial<IdempotentOptions> = {}): IdempotentOptions => ({
  scope: 'user-1',
  method: 'quote.v1.QuoteService/Create',
  key: 'key-1',
  fingerprint: fingerprintOf('payload'),
  leaseMs,
  clock,
  ...changes,
});

let effect = 0;
/** Work whose effect is one more row, with an answer that tells which. */
const work = (changes: Partial<IdempotentWork<string>> = {}): IdempotentWork<string> => ({
  execute: async () => `note ${String((effect += 1))}`,
  store: write,
  ...changes,
});
async function write(tx: Transaction, body: string): Promise<Uint8Array> {
  await tx.execute(sql`INSERT INTO notes (body) VALUES (${body})`);
  return Buffer.from(body);
}
const effects = async (): Promise<unknown[]> =>
  (await notes.postgres.db.execute(sql`SELECT body FROM notes ORDER BY id`)).rows.map((row) => row['body']);
const textOf = (result: IdempotentAnswer): string => Buffer.from(result.answer).toString();
/** A promise to be settled from outside. */
const gate = (): { opened: Promise<undefined>; open: () => void } => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return {
    opened: promise,
    open: () => {
      resolve(undefined);
    },
  };
};

describe('idempotent', () => {
  it('replays the stored answer for the same key and payload, and does the work once', async () => {
    const first = await idempotent(notes.postgres, request(), work());
    const second = await idempotent(notes.postgres, request(), work());
    expect(first.replayed).toBe(false);
    expect(second).toEqual({ answer: first.answer, replayed: true });
    expect(await effects()).toEqual([textOf(first)]);
  });

  it('refuses the same key with another payload', async () => {
    await idempotent(notes.postgres, request(), work());
    const other = idempotent(notes.postgres, request({ fingerprint: fingerprintOf('another') }), work());
    await expect(other).rejects.toMatchObject({ code: commonErrors.idempotencyKeyReused.code });
  });

  it('keeps keys of users and of methods apart', async () => {
    await idempotent(notes.postgres, request(), work());
    expect((await idempotent(notes.postgres, request({ scope: 'user-2' }), work())).replayed).toBe(false);
    expect((await idempotent(notes.postgres, request({ method: 'another' }), work())).replayed).toBe(false);
    expect(await effects()).toHaveLength(3);
  });

  it('just does the work where there is no key', async () => {
    await idempotent(notes.postgres, request({ key: undefined }), work());
    await idempotent(notes.postgres, request({ key: undefined }), work());
    expect(await effects()).toHaveLength(2);
  });

  it('answers 409 with a time to wait while the first runs', async () => {
    const { opened, open } = gate();
    const started = gate();
    const first = idempotent(
      notes.postgres,
      request(),
      work({
        execute: async () => {
          started.open();
          await opened;
          return 'slow';
        },
      }),
    );
    await started.opened;
    await expect(idempotent(notes.postgres, request(), work())).rejects.toMatchObject({
      code: commonErrors.idempotencyInFlight.code,
      retryAfterMs: 2_000,
    });
    open();
    expect((await first).replayed).toBe(false);
    expect(await effects()).toEqual(['slow']);
  });

  it('lets one of twenty that come at once through; the others replay or are told to wait', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => idempotent(notes.postgres, request(), work())));
    const done = results.filter((result) => result.status === 'fulfilled').map((result) => result.value);
    const refused = results.filter((result) => result.status === 'rejected').map((result): unknown => result.reason);
    expect(done.filter((result) => !result.replayed)).toHaveLength(1);
    expect(refused.every((error) => isAppError(error, commonErrors.idempotencyInFlight))).toBe(true);
    expect(await effects()).toHaveLength(1);
  });

  it.each(['execute', 'store'] as const)('frees the key when %s fails, leaves no effect and throws its error', async (part) => {
    const own = new Error('ours');
    const failing = idempotent(
      notes.postgres,
      request(),
      work({
        execute: async () => {
          if (part === 'execute') throw own;
          return 'half';
        },
        store: async (tx, body) => {
          await write(tx, body);
          throw own;
        },
      }),
    );
    await expect(failing).rejects.toBe(own);
    expect(await effects()).toEqual([]);
    expect((await idempotent(notes.postgres, request(), work())).replayed).toBe(false);
    expect(await effects()).toHaveLength(1);
  });

  it('refuses an answer over 1 MiB and undoes its effect', async () => {
    const large = idempotent(
      notes.postgres,
      request(),
      work({
        store: async (tx, body) => {
          await write(tx, body);
          return new Uint8Array(1_048_577);
        },
      }),
    );
    await expect(large).rejects.toMatchObject({ code: '23514' });
    expect(await effects()).toEqual([]);
  });

  it('keeps an answer for 24 hours and no longer', async () => {
    await idempotent(notes.postgres, request(), work());
    clock.advance(24 * hour - 1);
    expect((await idempotent(notes.postgres, request(), work())).replayed).toBe(true);
    clock.advance(1);
    expect((await idempotent(notes.postgres, request(), work())).replayed).toBe(false);
  });
});

describe('a worker that lives', () => {
  it('keeps its claim for longer than a lease', async () => {
    const { opened, open } = gate();
    const started = gate();
    const terms = request({ leaseMs: 300, clock: systemClock });
    const slow = idempotent(
      notes.postgres,
      terms,
      work({
        execute: async () => {
          started.open();
          await opened;
          return 'slow';
        },
      }),
    );
    await started.opened;
    const leaseEnd = async (): Promise<number> => {
      const { rows } = await notes.postgres.db.execute<{ ms: number }>(
        sql`SELECT (extract(epoch FROM lease_until) * 1000)::float8 AS ms FROM idempotency`,
      );
      return rows[0]?.ms ?? 0;
    };
    const first = await leaseEnd();
    await waitUntil('three leases have passed', async () => (await leaseEnd()) > first + 900);
    open();
    expect((await slow).replayed).toBe(false);
    expect(await effects()).toEqual(['slow']);
    await expect(idempotent(notes.postgres, terms, work())).resolves.toMatchObject({ replayed: true });
  });
});

describe('a worker that disappears', () => {
  it('before its effect holds the key until its lease ends; then a retry does the work', async () => {
    const started = gate();
    void idempotent(
      notes.postgres,
      request(),
      work({
        execute: () => {
          started.open();
          return new Promise<never>(() => undefined);
        },
      }),
    );
    await started.opened;
    await expect(idempotent(notes.postgres, request(), work())).rejects.toMatchObject({ code: commonErrors.idempotencyInFlight.code });
    clock.advance(leaseMs);
    expect((await idempotent(notes.postgres, request(), work())).replayed).toBe(false);
    expect(await effects()).toHaveLength(1);
  });

  it('in the middle of its transaction leaves nothing, and a retry does the work', async () => {
    const cut = idempotent(
      notes.postgres,
      request(),
      work({
        store: async (tx, body) => {
          await write(tx, body);
          // The whole process would be gone; from outside its end looks like this.
          const { rows } = await tx.execute(sql`SELECT pg_backend_pid() AS pid`);
          await notes.connect({ url: notes.database.adminUrl }).db.execute(sql`SELECT pg_terminate_backend(${rows[0]?.['pid']})`);
          await tx.execute(sql`SELECT 1`);
          return Buffer.from(body);
        },
      }),
    );
    await expect(cut).rejects.toMatchObject({ code: commonErrors.unavailable.code });
    expect(await effects()).toEqual([]);
    clock.advance(leaseMs);
    expect((await idempotent(notes.postgres, request(), work())).replayed).toBe(false);
    expect(await effects()).toHaveLength(1);
  });

  it('after its commit leaves the answer for the retry', async () => {
    const { answer } = await idempotent(notes.postgres, request(), work());
    clock.advance(10 * hour);
    expect(await idempotent(notes.postgres, request(), work())).toEqual({ answer, replayed: true });
  });

  it('and comes back after a take-over commits nothing and answers as the other did', async () => {
    const { opened, open } = gate();
    const started = gate();
    const slow = idempotent(
      notes.postgres,
      request(),
      work({
        execute: async () => {
          started.open();
          await opened;
          return 'the slow one';
        },
      }),
    );
    await started.opened;
    clock.advance(leaseMs);
    const quick = await idempotent(notes.postgres, request(), work());
    open();
    expect(await slow).toEqual({ answer: quick.answer, replayed: true });
    expect(await effects()).toEqual([textOf(quick)]);
  });

  it('and fails after a take-over does not free the other’s claim', async () => {
    const failNow = gate();
    const claimed = gate();
    const slow = idempotent(
      notes.postgres,
      request(),
      work({
        execute: async () => {
          claimed.open();
          await failNow.opened;
          throw new Error('late');
        },
      }),
    );
    await claimed.opened;
    clock.advance(leaseMs);
    const finish = gate();
    const started = gate();
    const second = idempotent(
      notes.postgres,
      request(),
      work({
        execute: async () => {
          started.open();
          await finish.opened;
          return 'second';
        },
      }),
    );
    await started.opened;
    failNow.open();
    await expect(slow).rejects.toThrow('late');
    await expect(idempotent(notes.postgres, request(), work())).rejects.toMatchObject({ code: commonErrors.idempotencyInFlight.code });
    finish.open();
    expect(textOf(await second)).toBe('second');
    expect(await effects()).toEqual(['second']);
  });

  it('can not be taken over while it commits', async () => {
    const committing = gate();
    const goOn = gate();
    const first = idempotent(
      notes.postgres,
      request(),
      work({
        store: async (tx, body) => {
          const answer = await write(tx, body);
          committing.open();
          await goOn.opened;
          return answer;
        },
      }),
    );
    await committing.opened;
    clock.advance(leaseMs);
    const second = idempotent(notes.postgres, request(), work());
    goOn.open();
    expect((await first).replayed).toBe(false);
    expect((await second).replayed).toBe(true);
    expect(await effects()).toHaveLength(1);
  });
});

describe('the sweeper', () => {
  it('deletes what has expired, in batches, and nothing else', async () => {
    for (let key = 0; key < 5; key += 1) await idempotent(notes.postgres, request({ key: `old ${String(key)}` }), work());
    clock.advance(24 * hour);
    await idempotent(notes.postgres, request({ key: 'new' }), work());
    const sweeper = createIdempotencySweeper({ postgres: notes.postgres, clock, batchSize: 2 });
    expect(await sweeper.sweep()).toBe(5);
    expect(await sweeper.sweep()).toBe(0);
    expect((await idempotent(notes.postgres, request({ key: 'new' }), work())).replayed).toBe(true);
  });

  it('begins with a sweep when it is started', async () => {
    await idempotent(notes.postgres, request(), work());
    clock.advance(24 * hour);
    const sweeper = createIdempotencySweeper({ postgres: notes.postgres, clock, everyMs: 60_000 });
    await sweeper.start?.();
    await sweeper.stop?.();
    const { rows } = await notes.postgres.db.execute(sql`SELECT 1 FROM idempotency`);
    expect(rows).toEqual([]);
  });
});
