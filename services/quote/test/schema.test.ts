import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret } from '@quotemaster/config';
import { createMetrics } from '@quotemaster/observe';
import { createPostgres } from '@quotemaster/postgres';
import type { Postgres } from '@quotemaster/postgres';
import { createMemoryLog, startTestPostgres } from '@quotemaster/testkit';
import type { TestPostgres } from '@quotemaster/testkit';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { quoteMigrations } from '../src/index.ts';
import { quotesTable } from '../src/store/quotes-table.ts';

let server: TestPostgres;
let postgres: Postgres;
beforeAll(async () => {
  server = await startTestPostgres();
  const { adminUrl } = await server.createDatabase([quoteMigrations]);
  postgres = createPostgres({
    url: new Secret(adminUrl.reveal()),
    service: 'quote',
    schema: 'quote',
    logger: createMemoryLog().logger,
    metrics: createMetrics({ service: 'test' }),
  });
});
afterAll(async () => {
  await postgres.stop?.();
  await server.stop();
});

async function lines(sql: string): Promise<string[]> {
  return (await postgres.pool.query<{ line: string }>(sql)).rows.map((row) => row.line);
}

const columnLines = `
  select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || case when a.attnotnull then ' not null' else '' end
    || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as line
  from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'quote'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and c.relname !~ '^schema_migrations'
  order by c.relname, a.attnum`;
const constraintLines = `
  select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) as line
  from pg_constraint where connamespace = 'quote'::regnamespace and contype in ('c', 'p', 'u', 'f') and conrelid::regclass::text !~ '^(quote\\.)?schema_migrations' order by 1`;
const indexLines = `
  select indexdef as line from pg_indexes where schemaname = 'quote' and tablename !~ '^schema_migrations' order by indexname`;

const golden = join(import.meta.dirname, 'golden/schema.txt');

// After a new migration: UPDATE_GOLDEN=1 npx jest services/quote/test/schema, then read the difference.
describe('the migrated schema', () => {
  it('is the one in golden/schema.txt', async () => {
    const dump = [...(await lines(columnLines)), '', ...(await lines(constraintLines)), '', ...(await lines(indexLines)), ''].join('\n');
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, dump);
    expect(dump).toBe(readFileSync(golden, 'utf8'));
  });

  it('has each column of the drizzle table, of the same type and nullability, and no other', async () => {
    const migrated = await lines(columnLines.replace(`|| coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as line`, 'as line'));
    const declared = getTableConfig(quotesTable).columns.map((column) => {
      const type = column.getSQLType().replace(/^timestamp \((\d)\) with time zone$/, 'timestamp($1) with time zone');
      return `quotes.${column.name} ${type}${column.notNull ? ' not null' : ''}`;
    });
    expect(migrated.filter((line) => line.startsWith('quotes.')).toSorted()).toEqual(declared.toSorted());
  });

  it('has each index of the drizzle table, and no other', async () => {
    const migrated = await lines(
      `select indexname as line from pg_indexes where schemaname = 'quote' and tablename = 'quotes' and indexname <> 'quotes_pkey'`,
    );
    const declared = getTableConfig(quotesTable).indexes.map((index) => index.config.name);
    expect(migrated.toSorted()).toEqual(declared.toSorted());
  });
});
