import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret } from '@quotemaster/config';
import { createMemoryLog } from '@quotemaster/testkit/memory-log';
import { startTestPostgres } from '@quotemaster/testkit/test-postgres';
import type { TestPostgres } from '@quotemaster/testkit/test-postgres';
import pg from 'pg';
import { labels, notes } from '../../test/support.ts';
import { migrate } from '../index.ts';
import type { ScratchDatabase, ServiceMigrations } from '../index.ts';

let server: TestPostgres;
let scratch: string;
beforeAll(async () => {
  server = await startTestPostgres();
  scratch = await mkdtemp(join(tmpdir(), 'quotemaster-migrations-'));
});
afterAll(async () => {
  await server.stop();
  await rm(scratch, { recursive: true });
});

const { logger } = createMemoryLog();
const run = (database: ScratchDatabase, service: ServiceMigrations): Promise<{ applied: number }> =>
  migrate({ ...service, adminUrl: database.adminUrl, appUrl: database.appUrl(service.service), logger });

/** A copy of a service's folder, to change. */
async function copyOf(service: ServiceMigrations, name: string): Promise<ServiceMigrations> {
  const folder = join(scratch, name);
  await cp(service.folder, folder, { recursive: true });
  return { ...service, folder };
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('migrate', () => {
  it('applies what is new, and nothing when it is run again', async () => {
    const database = await server.createDatabase();
    expect(await run(database, labels)).toEqual({ applied: 2 });
    expect(await run(database, labels)).toEqual({ applied: 0 });
    const longer = await copyOf(labels, 'longer');
    await addMigration(longer.folder, '0002_size', 1763900002000, 'ALTER TABLE labels ADD COLUMN size integer;');
    expect(await run(database, longer)).toEqual({ applied: 1 });
  });

  it('run by six processes at once, for two services, applies each migration once and fails in none', async () => {
    const database = await server.createDatabase();
    const child = join(import.meta.dirname, '../../test/migrate-child.ts');
    const outputs = await Promise.all(
      [notes, labels, notes, labels, notes, notes].map(async ({ service, schema, folder }) => {
        const urls = [database.adminUrl.reveal(), database.appUrl(service).reveal()];
        const { stdout } = await promisify(execFile)(process.execPath, [child, service, schema, folder, ...urls], {
          env: { PATH: process.env['PATH'] },
        });
        return { service, applied: Number(stdout) };
      }),
    );
    const sum = (service: string): number =>
      outputs.filter((output) => output.service === service).reduce((all, output) => all + output.applied, 0);
    expect(sum('notes')).toBe(2);
    expect(sum('labels')).toBe(2);
    expect(outputs.filter((output) => output.applied > 0)).toHaveLength(2);
  }, 60_000);

  it('provisions databases of one server at the same time', async () => {
    const databases = await Promise.all([1, 2, 3].map(() => server.createDatabase()));
    const results = await Promise.all(databases.map((database) => run(database, labels)));
    expect(results).toEqual([{ applied: 2 }, { applied: 2 }, { applied: 2 }]);
  });

  it('leaves nothing of a migration that fails, nor of those before it in the same run', async () => {
    const database = await server.createDatabase();
    const broken = await copyOf(labels, 'broken');
    await addMigration(
      broken.folder,
      '0002_broken',
      1763900002000,
      'CREATE TABLE half (id integer);\n--> statement-breakpoint\nSELECT no_such_column FROM labels;',
    );
    await expect(run(database, broken)).rejects.toThrow();
    await withClient(database.adminUrl.reveal(), async (client) => {
      const { rows } = await client.query("SELECT to_regclass('labels.labels') AS labels, to_regclass('labels.half') AS half");
      expect(rows).toEqual([{ labels: null, half: null }]);
    });
    expect(await run(database, labels)).toEqual({ applied: 2 });
  });

  it('refuses older code against a newer schema', async () => {
    const database = await server.createDatabase();
    const newer = await copyOf(labels, 'newer');
    await addMigration(newer.folder, '0002_size', 1763900002000, 'ALTER TABLE labels ADD COLUMN size integer;');
    await run(database, newer);
    await expect(run(database, labels)).rejects.toThrow('older code against a newer schema');
  });

  it('refuses a migration that was changed, or slipped in before others, after it was applied', async () => {
    const database = await server.createDatabase();
    await run(database, labels);
    const changed = await copyOf(labels, 'changed');
    await writeFile(join(changed.folder, '0000_init.sql'), 'CREATE TABLE labels (name text);');
    await expect(run(database, changed)).rejects.toThrow('never changed');
    const between = await copyOf(labels, 'between');
    await addMigration(between.folder, '0000_between', 1763900000500, 'SELECT 1;', 1);
    await expect(run(database, between)).rejects.toThrow('added at the end');
  });

  it('runs the concurrent lane outside a transaction, once, over the ruins of an attempt that was cut off', async () => {
    const database = await server.createDatabase();
    const laneless = await copyOf(notes, 'laneless');
    await rm(join(laneless.folder, 'concurrently'), { recursive: true });
    await run(database, laneless);
    await withClient(database.adminUrl.reveal(), async (client) => {
      await client.query('CREATE INDEX notes_body ON notes.notes (body)');
      await client.query("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'notes.notes_body'::regclass");
      expect(await run(database, notes)).toEqual({ applied: 1 });
      const { rows } = await client.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'notes.notes_body'::regclass");
      expect(rows).toEqual([{ indisvalid: true }]);
    });
    expect(await run(database, notes)).toEqual({ applied: 0 });
  });

  it('works for an admin that is no superuser but owns the database and may create roles', async () => {
    const database = await server.createDatabase();
    const admin = `qm_admin_${database.appUrl('x').reveal().slice(-12)}`;
    const url = new URL(database.adminUrl.reveal());
    await withClient(database.adminUrl.reveal(), async (client) => {
      await client.query(`CREATE ROLE ${admin} LOGIN CREATEROLE PASSWORD 'plain'`);
      await client.query(`ALTER DATABASE ${url.pathname.slice(1)} OWNER TO ${admin}`);
    });
    url.username = admin;
    url.password = 'plain';
    const service = { ...labels, service: `labels_${admin.slice(-6)}` };
    expect(await migrate({ ...service, adminUrl: new Secret(url.href), appUrl: database.appUrl(service.service), logger })).toEqual({
      applied: 2,
    });
    await database.drop();
    const serverUrl = new URL(database.adminUrl.reveal());
    serverUrl.pathname = '/postgres';
    await withClient(serverUrl.href, async (client) => {
      await client.query(`DROP ROLE qm_${service.service}_owner`);
      await client.query(`DROP ROLE ${admin}`);
    });
  });
});

describe('the app role', () => {
  let database: ScratchDatabase;
  beforeAll(async () => {
    database = await server.createDatabase([notes, labels]);
  });
  const asApp = (statement: string): Promise<pg.QueryResult> =>
    withClient(database.appUrl('notes').reveal(), (client) => client.query(statement));

  it('reads and writes rows of its own schema', async () => {
    await asApp("INSERT INTO notes.notes (body) VALUES ('x')");
    await asApp("UPDATE notes.notes SET body = 'y'");
    expect((await asApp('SELECT body FROM notes.notes')).rows).toEqual([{ body: 'y' }]);
    await asApp('DELETE FROM notes.notes');
  });

  it.each([
    'SELECT * FROM labels.labels',
    "INSERT INTO labels.labels (name) VALUES ('x')",
    'SELECT * FROM labels.schema_migrations',
    'CREATE TABLE labels.mine (id integer)',
    'CREATE TABLE notes.mine (id integer)',
    'CREATE VIEW notes.mine AS SELECT 1',
    'CREATE INDEX ON notes.notes (body)',
    'ALTER TABLE notes.notes ADD COLUMN more text',
    'ALTER TABLE notes.notes OWNER TO CURRENT_USER',
    'DROP TABLE notes.notes',
    'TRUNCATE notes.notes',
    'CREATE TABLE public.mine (id integer)',
    'CREATE TEMPORARY TABLE mine (id integer)',
    'CREATE SCHEMA mine',
    'DROP SCHEMA notes CASCADE',
    'CREATE ROLE mine',
    'SET ROLE qm_notes_owner',
    'SET ROLE qm_labels_owner',
    'GRANT qm_notes_owner TO CURRENT_USER',
    'CREATE FUNCTION notes.mine() RETURNS integer LANGUAGE sql RETURN 1',
    'SELECT * FROM notes.schema_migrations',
    'DELETE FROM notes.schema_migrations',
    'DELETE FROM notes.schema_migrations_concurrent',
  ])('is refused: %s', async (statement) => {
    // insufficient_privilege
    await expect(asApp(statement)).rejects.toMatchObject({ code: '42501' });
  });

  it('of another database of the same server can not see this one’s rows', async () => {
    const other = await server.createDatabase([notes]);
    const url = new URL(other.appUrl('notes').reveal());
    url.pathname = new URL(database.adminUrl.reveal()).pathname;
    await expect(withClient(url.href, (client) => client.query('SELECT * FROM notes.notes'))).rejects.toMatchObject({ code: '42501' });
  });
});

/** Adds a migration to a copied folder, at the end or at `index` of its journal. */
async function addMigration(folder: string, tag: string, when: number, statements: string, index?: number): Promise<void> {
  await writeFile(join(folder, `${tag}.sql`), statements);
  const path = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(path, 'utf8')) as { entries: object[] };
  journal.entries.splice(index ?? journal.entries.length, 0, { idx: journal.entries.length, version: '7', when, tag, breakpoints: true });
  await writeFile(path, JSON.stringify(journal));
}
