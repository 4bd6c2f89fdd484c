import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMetrics } from '@quotemaster/observe';
import { createPostgres } from '@quotemaster/postgres';
import type { Postgres } from '@quotemaster/postgres';
import { createMemoryLog, startTestPostgres } from '@quotemaster/testkit';
import type { TestPostgres } from '@quotemaster/testkit';
import { is, sql } from 'drizzle-orm';
import { PgTable, getTableConfig } from 'drizzle-orm/pg-core';
import { userMigrations } from '../src/index.ts';
import * as tables from '../src/store/tables.ts';

const golden = join(import.meta.dirname, 'schema.txt');

let server: TestPostgres;
let postgres: Postgres;
beforeAll(async () => {
  server = await startTestPostgres();
  const { adminUrl: url } = await server.createDatabase([userMigrations]);
  const { logger } = createMemoryLog();
  postgres = createPostgres({ url, service: 'user', schema: userMigrations.schema, logger, metrics: createMetrics({ service: 'test' }) });
});
afterAll(async () => {
  await postgres.stop?.();
  await server.stop();
});

async function lines(query: string): Promise<string[]> {
  return (await postgres.db.execute<{ line: string }>(sql.raw(query))).rows.map(({ line }) => line);
}

const columns = `
  SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END AS line
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  WHERE c.relnamespace = 'user_service'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    AND c.relname !~ '^schema_migrations'
  ORDER BY c.relname, a.attnum`;
const constraints = `
  SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) AS line FROM pg_constraint
  WHERE connamespace = 'user_service'::regnamespace AND contype IN ('c', 'p', 'u', 'f') AND conrelid::regclass::text !~ 'schema_migrations' ORDER BY 1`;
const indexes = `
  SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'user_service' AND tablename !~ '^schema_migrations' ORDER BY indexname`;
const triggers = `
  SELECT pg_get_triggerdef(oid) AS line FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text ~ 'audit_log' ORDER BY tgname`;

// After a new migration: UPDATE_GOLDEN=1 npx jest services/user/test/schema, then read the difference.
describe('the migrated schema', () => {
  it('is the one in schema.txt', async () => {
    const parts = await Promise.all([columns, constraints, indexes, triggers].map(lines));
    const dump = parts.map((part) => `${part.join('\n')}\n`).join('\n');
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, dump);
    expect(dump).toBe(readFileSync(golden, 'utf8'));
  });

  it.each(Object.values(tables).filter((table) => is(table, PgTable)))(
    'has the columns that drizzle is told of, of the same type and nullability',
    async (table) => {
      const { name, columns: declared } = getTableConfig(table);
      const migrated = (await lines(columns)).filter((line) => line.startsWith(`${name}.`));
      expect(declared.map((column) => `${name}.${column.name} ${column.getSQLType()}${column.notNull ? ' not null' : ''}`)).toEqual(
        migrated,
      );
    },
  );
});
