import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigError, Secret } from '@quotemaster/config';
import { commonErrors, isAppError } from '@quotemaster/errors';
import { createMemoryLog } from '@quotemaster/testkit/memory-log';
import { waitUntil } from '@quotemaster/testkit/wait-until';
import { sql } from 'drizzle-orm';
import { openNotes } from '../test/support.ts';
import type { NotesDatabase } from '../test/support.ts';
import { afterCommit, isUniqueViolation } from './index.ts';
import type { Postgres } from './index.ts';

let notes: NotesDatabase;
beforeAll(async () => {
  notes = await openNotes();
});
afterAll(() => notes.stop());

const add = (postgres: Postgres, body: string): Promise<unknown> => postgres.db.execute(sql`INSERT INTO notes (body) VALUES (${body})`);
const count = async (body: string): Promise<unknown> =>
  (await notes.postgres.db.execute(sql`SELECT count(*)::int AS count FROM notes WHERE body = ${body}`)).rows[0]?.['count'];

describe('a transaction', () => {
  it('is committed when its work resolves', async () => {
    await notes.postgres.transaction((tx) => tx.execute(sql`INSERT INTO notes (body) VALUES ('kept')`));
    expect(await count('kept')).toBe(1);
  });

  it('is rolled back when its work rejects, and the work’s own error comes out', async () => {
    const own = new Error('ours');
    const failing = notes.postgres.transaction(async (tx) => {
      await tx.execute(sql`INSERT INTO notes (body) VALUES ('dropped')`);
      throw own;
    });
    await expect(failing).rejects.toBe(own);
    expect(await count('dropped')).toBe(0);
  });

  it('begun through drizzle’s own method keeps to one connection', async () => {
    const failing = notes.postgres.db.transaction(async (tx) => {
      await tx.execute(sql`INSERT INTO notes (body) VALUES ('through db')`);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await count('through db')).toBe(0);
  });

  it('that loses its connection ends as common.unavailable and leaves the pool usable', async () => {
    const cut = notes.postgres.transaction(async (tx) => {
      const { rows } = await tx.execute(sql`SELECT pg_backend_pid() AS pid`);
      const admin = notes.connect({ url: notes.database.adminUrl });
      await admin.db.execute(sql`SELECT pg_terminate_backend(${rows[0]?.['pid']})`);
      await tx.execute(sql`SELECT 1`);
    });
    await expect(cut).rejects.toMatchObject({ code: commonErrors.unavailable.code, retryAfterMs: 1_000 });
    await notes.postgres.ping();
  });
});

describe('afterCommit', () => {
  it('runs hooks once the transaction is committed, from savepoints too, and what they throw hurts nobody', async () => {
    const told: string[] = [];
    await notes.postgres.transaction(async (tx) => {
      const hook = (): void => void told.push('hook');
      afterCommit(tx, hook);
      await tx.transaction(async (savepoint) => {
        afterCommit(savepoint, hook);
      });
      afterCommit(tx, () => {
        throw new Error('a hook of ours');
      });
      told.push('work');
    });
    expect(told).toEqual(['work', 'hook']);
  });

  it('drops hooks when the transaction is rolled back', async () => {
    let told = 0;
    const failing = notes.postgres.transaction(async (tx) => {
      afterCommit(tx, () => (told += 1));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(told).toBe(0);
  });
});

describe('errors', () => {
  it('of a unique index are recognisable, by constraint too', async () => {
    await add(notes.postgres, 'once');
    const error: unknown = await add(notes.postgres, 'once').catch((thrown: unknown) => thrown);
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(error, 'notes_body_key')).toBe(true);
    expect(isUniqueViolation(error, 'another')).toBe(false);
  });

  it('never hold the values of a statement', async () => {
    await add(notes.postgres, 'a secret thought');
    const error: unknown = await add(notes.postgres, 'a secret thought').catch((thrown: unknown) => thrown);
    const log = createMemoryLog();
    log.logger.error({ err: error }, 'failed');
    expect(log.text()).toContain('notes_body_key');
    expect(log.text()).not.toContain('secret thought');
  });

  it('of the statement timeout are common.deadline_exceeded', async () => {
    const impatient = notes.connect({ statementTimeoutMs: 30 });
    await expect(impatient.db.execute(sql`SELECT pg_sleep(5)`)).rejects.toMatchObject({ code: commonErrors.deadlineExceeded.code });
  });

  it('of the lock timeout are common.unavailable', async () => {
    const impatient = notes.connect({ lockTimeoutMs: 30 });
    await notes.postgres.transaction(async (tx) => {
      await tx.execute(sql`LOCK TABLE notes IN SHARE MODE`);
      await expect(add(impatient, 'never')).rejects.toMatchObject({ code: commonErrors.unavailable.code });
    });
  });

  it('of a server that is not there are common.unavailable, in bounded time', async () => {
    const nowhere = notes.connect({ url: new Secret('postgres://a:b@127.0.0.1:1/c') });
    await expect(nowhere.ping()).rejects.toMatchObject({ code: commonErrors.unavailable.code });
  });

  it('of the driver for a value that can not be sent stay what they are', async () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    const error: unknown = await notes.postgres.db.execute(sql`SELECT ${sql.param(loop)}::jsonb`).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
  });
});

describe('the pool', () => {
  it('answers common.overloaded when no connection becomes free in time', async () => {
    const small = notes.connect({ poolMax: 1, connectTimeoutMs: 50 });
    await small.transaction(async () => {
      await expect(small.ping()).rejects.toMatchObject({ code: commonErrors.overloaded.code, retryAfterMs: 1_000 });
    });
    await small.ping();
  });

  it('refuses at once whoever comes when twenty wait for each connection', async () => {
    const small = notes.connect({ poolMax: 1, connectTimeoutMs: 5_000 });
    await small.transaction(async () => {
      const waiting = Array.from({ length: 20 }, () => small.ping());
      const error: unknown = await small.ping().catch((thrown: unknown) => thrown);
      expect(isAppError(error, commonErrors.overloaded)).toBe(true);
      void Promise.allSettled(waiting);
    });
  });

  it('survives the loss of an idle connection', async () => {
    const log = createMemoryLog();
    const own = notes.connect({ logger: log.logger, service: 'idle-one' });
    await own.ping();
    await notes
      .connect({ url: notes.database.adminUrl })
      .db.execute(sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'idle-one'`);
    await waitUntil('the loss is logged', () => log.text().includes('an idle database connection was lost'));
    await own.ping();
  });

  it('tells its size and the duration of statements by name, without values', async () => {
    await notes.postgres.db.execute(sql`SELECT body FROM notes WHERE body = ${'needle'}`);
    const page = await notes.metrics.registry.metrics();
    expect(page).toMatch(/postgres_pool_connections\{state="idle"[^}]*\} \d/);
    expect(page).toContain('statement="SELECT notes",outcome="ok"');
    expect(page).not.toContain('needle');
  });
});

describe('start', () => {
  it('refuses a role that the server turns away with a ConfigError that names the variable and not the password', async () => {
    const url = new URL(notes.database.appUrl('notes').reveal());
    url.username = 'nobody_here';
    url.password = 'wrong-password';
    const error: unknown = await Promise.resolve(notes.connect({ url: new Secret(url.href) }).start?.()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain('DATABASE_URL_NOTES');
    expect(String(error)).not.toContain('wrong-password');
  });

  it('waits for a database that is late instead of failing', async () => {
    const log = createMemoryLog();
    await notes.connect({ url: new Secret('postgres://a:b@127.0.0.1:1/c'), logger: log.logger }).start?.();
    expect(log.text()).toContain('the database does not answer yet');
  });
});
