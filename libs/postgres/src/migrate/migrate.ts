import { setTimeout as sleep } from 'node:timers/promises';
import type { Secret } from '@quotemaster/config';
import type { Logger } from '@quotemaster/observe';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as runMigrator } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { runConcurrentLane } from './concurrent-lane.ts';
import { checkJournal, countApplied, journalTable, laneTable } from './journal.ts';
import { grantTables, provision } from './provision.ts';
import { readTarget } from './target.ts';
import type { Target } from './target.ts';

/** Where a service's schema and its migrations are. */
export interface ServiceMigrations {
  /** Lower case with underscores: it becomes part of the roles' names. */
  readonly service: string;
  readonly schema: string;
  /** Path of the folder: `meta/_journal.json`, `NNNN_name.sql`, and `concurrently/*.sql` for what can't run in a transaction. */
  readonly folder: string;
}

export interface MigrateOptions extends ServiceMigrations {
  /** A superuser, or a role with CREATEROLE that owns the database. */
  readonly adminUrl: Secret;
  /** The app role's address; its user and password are made so. Without it the role is `qm_<service>_app`, without a password. */
  readonly appUrl?: Secret;
  readonly logger: Logger;
}

const lockPollMs = 50;
const lockWaitMs = 120_000;

/**
 * Brings one service's schema up to date: roles, schema, migrations in one transaction, concurrent lane, grants.
 *
 * Safe to run from any number of processes at once, for any number of services: a session advisory lock per service
 * lets one through at a time. Forward only.
 * @returns how many migrations this call applied; 0 when there was nothing to do.
 * @throws Error when the database is ahead of the folder, or when an applied migration was changed.
 */
export async function migrate(options: MigrateOptions): Promise<{ applied: number }> {
  const { logger } = options;
  const target = readTarget(options);
  const client = new pg.Client({
    connectionString: options.adminUrl.reveal(),
    application_name: `migrate ${target.service}`,
    connectionTimeoutMillis: 10_000,
    // A migration that waits for a lock makes everybody wait who comes after it.
    lock_timeout: 10_000,
    // The server says "already exists, skipping" for each object it meets again.
    options: '-c client_min_messages=warning',
    keepAlive: true,
  });
  await client.connect();
  try {
    await provision(client, target, options.appUrl);
    await lockService(client, target);
    const applied = await migrateAsOwner(client, target);
    logger.info({ service: target.service, schema: target.schema, applied }, 'the schema is up to date');
    return { applied };
  } finally {
    // The advisory lock ends with the session.
    await client.end();
  }
}

async function migrateAsOwner(client: pg.Client, target: Target): Promise<number> {
  await client.query(`SET ROLE ${pg.escapeIdentifier(target.ownerRole)}`);
  await client.query(`SET search_path TO ${pg.escapeIdentifier(target.schema)}, public`);
  await checkJournal(client, target);
  const before = await countApplied(client, target, journalTable);
  await runMigrator(drizzle({ client }), {
    migrationsFolder: target.folder,
    migrationsSchema: target.schema,
    migrationsTable: journalTable,
  });
  const after = await countApplied(client, target, journalTable);
  const inLane = await runConcurrentLane(client, target);
  await grantTables(client, target, [journalTable, laneTable]);
  return after - before + inLane;
}

/**
 * Takes the service's session lock by asking again and again. A session that waits inside the server holds a snapshot,
 * and CREATE INDEX CONCURRENTLY of the one that has the lock would wait for it: a deadlock.
 */
async function lockService(client: pg.Client, target: Target): Promise<void> {
  const end = performance.now() + lockWaitMs;
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock(hashtext($1), hashtext($2)) AS locked', [
      'quotemaster.migrate',
      target.schema,
    ]);
    if (rows[0]?.locked === true) return;
    if (performance.now() > end)
      throw new Error(`another process has been migrating ${target.service} for ${String(lockWaitMs / 1_000)} s`);
    await sleep(lockPollMs);
  }
}
