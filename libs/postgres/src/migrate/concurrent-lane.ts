import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { laneTable, qualified } from './journal.ts';
import type { Target } from './target.ts';

/**
 * Runs what can't run in a transaction: `concurrently/*.sql`, in order of name, each once, after all migrations.
 *
 * A kill may fall between a statement and its record, so statements must bear running twice (IF NOT EXISTS). Invalid
 * indexes, which a broken CREATE INDEX CONCURRENTLY leaves, are dropped first so that IF NOT EXISTS does not take them.
 * @returns how many files were run.
 */
export async function runConcurrentLane(client: pg.Client, target: Target): Promise<number> {
  const table = qualified(target, laneTable);
  await client.query(`CREATE TABLE IF NOT EXISTS ${table} (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`);
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${table}`);
  const done = new Set(rows.map((row) => row.name));
  const folder = join(target.folder, 'concurrently');
  const pending = (await listSql(folder)).filter((name) => !done.has(name));
  if (pending.length > 0) await dropInvalidIndexes(client, target);
  for (const name of pending) {
    const text = await readFile(join(folder, name), 'utf8');
    // Several statements in one message would be a transaction.
    for (const statement of text.split('--> statement-breakpoint')) await client.query(statement);
    await client.query(`INSERT INTO ${table} (name) VALUES ($1)`, [name]);
  }
  return pending.length;
}

async function dropInvalidIndexes(client: pg.Client, target: Target): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT index.relname AS name FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid
     WHERE NOT indisvalid AND index.relkind = 'i' AND index.relnamespace = $1::regnamespace`,
    [pg.escapeIdentifier(target.schema)],
  );
  for (const { name } of rows) await client.query(`DROP INDEX CONCURRENTLY ${qualified(target, name)}`);
}

async function listSql(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
