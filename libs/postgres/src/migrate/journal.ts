import { readMigrationFiles } from 'drizzle-orm/migrator';
import pg from 'pg';
import type { Target } from './target.ts';

/** drizzle's journal of a service, in the service's schema. */
export const journalTable = 'schema_migrations';
/** Our journal of what ran outside a transaction. */
export const laneTable = 'schema_migrations_concurrent';

/**
 * Compares a database's journal with the folder, which drizzle does not: it looks at the newest time only.
 * @throws Error for a migration the folder doesn't have (older code against a newer schema), one that was edited after it
 *   ran, or one whose time is before the newest applied: drizzle would leave it out without a word.
 */
export async function checkJournal(client: pg.Client, target: Target): Promise<void> {
  const applied = await readApplied(client, target);
  const files = readMigrationFiles({ migrationsFolder: target.folder });
  const newest = Math.max(0, ...files.map((file) => file.folderMillis));
  const ahead = applied.filter((row) => Number(row.created_at) > newest);
  if (ahead.length > 0) {
    throw new Error(
      `older code against a newer schema: ${target.schema} has ${String(ahead.length)} migrations that ${target.folder} does not have`,
    );
  }
  files.forEach((file, index) => {
    const row = applied[index];
    if (row === undefined || row.hash === file.hash) return;
    throw new Error(
      `migration ${String(index)} of ${target.folder} is not the one that ${target.schema} ran: migrations are added at the end and never changed`,
    );
  });
}

/** Counts the rows of a journal; none where it does not exist yet. */
export async function countApplied(client: pg.Client, target: Target, table: string): Promise<number> {
  if (!(await tableExists(client, target, table))) return 0;
  const { rows } = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${qualified(target, table)}`);
  return rows[0]?.count ?? 0;
}

async function readApplied(client: pg.Client, target: Target): Promise<{ hash: string; created_at: string }[]> {
  if (!(await tableExists(client, target, journalTable))) return [];
  const { rows } = await client.query<{ hash: string; created_at: string }>(
    `SELECT hash, created_at FROM ${qualified(target, journalTable)} ORDER BY created_at, id`,
  );
  return rows;
}

async function tableExists(client: pg.Client, target: Target, table: string): Promise<boolean> {
  const { rows } = await client.query<{ yes: boolean }>('SELECT to_regclass($1) IS NOT NULL AS yes', [qualified(target, table)]);
  return rows[0]?.yes === true;
}

export function qualified(target: Target, table: string): string {
  return `${pg.escapeIdentifier(target.schema)}.${pg.escapeIdentifier(table)}`;
}
