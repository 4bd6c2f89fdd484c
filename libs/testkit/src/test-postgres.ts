import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Secret } from '@quotemaster/config';
import type { Logger } from '@quotemaster/observe';
import { createScratchDatabase, migrate, startEmbeddedPostgres } from '@quotemaster/postgres';
import type { ScratchDatabase, ServiceMigrations } from '@quotemaster/postgres';

/** A Postgres for one test file. */
export interface TestPostgres {
  /** Creates a database of its own with the schemas of these services, migrated. */
  createDatabase(services?: readonly ServiceMigrations[]): Promise<ScratchDatabase>;
  /** Drops every database made here and stops the server, where it is ours. */
  stop(): Promise<void>;
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/**
 * Gives a Postgres to a test file: the server of DATABASE_ADMIN_URL where that is set, else an embedded one of its own,
 * started from a copy of a cluster that the first test on this machine made.
 *
 * Prints one line and throws where neither can be had.
 */
export async function startTestPostgres(): Promise<TestPostgres> {
  const server = await openServer().catch((error: unknown) => {
    console.error(`Tests on Postgres can not run here: ${error instanceof Error ? error.message : String(error)}`);
    throw error;
  });
  const databases: ScratchDatabase[] = [];
  return {
    async createDatabase(services = []) {
      const database = await createScratchDatabase(server.adminUrl);
      databases.push(database);
      for (const service of services) {
        await migrate({ ...service, adminUrl: database.adminUrl, appUrl: database.appUrl(service.service), logger: silent });
      }
      return database;
    },
    async stop() {
      if (!server.isOurs) for (const database of databases) await database.drop();
      await server.stop();
    },
  };
}

async function openServer(): Promise<{ adminUrl: Secret; isOurs: boolean; stop(): Promise<void> }> {
  const given = process.env['DATABASE_ADMIN_URL'];
  if (given !== undefined && given !== '') return { adminUrl: new Secret(given), isOurs: false, stop: async () => {} };
  const dataDir = await mkdtemp(join(tmpdir(), 'quotemaster-test-'));
  const template = await makeTemplate();
  // A thousand small files: Node's own copy takes ten times as long.
  await promisify(execFile)('cp', ['-R', template, join(dataDir, 'postgres')]);
  // Nobody needs a test's data after a crash.
  const server = await startEmbeddedPostgres({ dataDir, logger: silent, durable: false });
  return {
    adminUrl: server.adminUrl,
    isOurs: true,
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Gives the path of a fresh cluster that lies ready to be copied: a tenth of initdb's time. */
async function makeTemplate(): Promise<string> {
  const { uid } = userInfo();
  // A new name when the server's version or its settings of initdb change: an old one would be refused.
  const home = join(tmpdir(), `quotemaster-test-template-18-${String(uid)}`);
  const template = join(home, 'postgres');
  await mkdir(home, { recursive: true, mode: 0o700 });
  if ((await stat(home)).uid !== uid) throw new Error(`${home} belongs to somebody else`);
  if (await isThere(template)) return template;
  const draft = await mkdtemp(join(home, 'draft-'));
  const server = await startEmbeddedPostgres({ dataDir: draft, logger: silent, durable: false });
  await server.stop();
  try {
    await rename(join(draft, 'postgres'), template);
  } catch (error) {
    // Another worker was first.
    if (!(await isThere(template))) throw error;
  }
  await rm(draft, { recursive: true, force: true });
  return template;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
