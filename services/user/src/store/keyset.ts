import type { AnyColumn, SQL } from 'drizzle-orm';
import { sql } from 'drizzle-orm';
import type { Cursor } from '@quotemaster/postgres';

/** The rows that follow a cursor in a list that is newest first, by time and id; every row where there is no cursor. */
export function after(table: { readonly createdAt: AnyColumn; readonly id: AnyColumn }, cursor: Cursor | undefined): SQL | undefined {
  return afterTime(table.createdAt, table.id, cursor);
}

/** The same for a table whose time has another name. */
export function afterTime(time: AnyColumn, id: AnyColumn, cursor: Cursor | undefined): SQL | undefined {
  if (cursor === undefined) return undefined;
  return sql`(${time}, ${id}) < (${cursor.createdAt.toISOString()}::timestamptz, ${cursor.id}::uuid)`;
}
