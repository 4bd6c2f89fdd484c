import { DrizzleQueryError } from 'drizzle-orm/errors';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';

/** drizzle's query builder on a pool: each statement on a connection of its own. */
export type Database = NodePgDatabase;
/** drizzle's query builder within a transaction. A named query that runs in either takes `Database | Transaction`. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** What drizzle asks of its driver. */
export interface StatementRunner {
  query(config: pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult>;
}

interface PreparedQuery {
  execute(...args: unknown[]): Promise<unknown>;
  all(...args: unknown[]): Promise<unknown>;
}
interface Session {
  prepareQuery(...args: unknown[]): PreparedQuery;
}

/**
 * Builds drizzle on a runner of ours.
 *
 * drizzle wraps what a statement throws in an error whose message holds every parameter: people's data, in a log. Here
 * the error of the runner comes out as it was thrown.
 */
export function createDatabase(runner: StatementRunner): Database {
  const database = drizzle({ client: runner as unknown as pg.PoolClient });
  const session = sessionOf(database);
  const prepareQuery = session.prepareQuery.bind(session);
  session.prepareQuery = (...args) => {
    const prepared = prepareQuery(...args);
    for (const method of ['execute', 'all'] as const) {
      const run = prepared[method].bind(prepared);
      prepared[method] = (...values) => run(...values).catch(unwrap);
    }
    return prepared;
  };
  return database;
}

/** Gives the session of a transaction: one object for it and for the savepoints within. */
export function sessionOf(database: Database | Transaction): Session {
  return (database as unknown as { session: Session }).session;
}

function unwrap(error: unknown): never {
  throw error instanceof DrizzleQueryError && error.cause !== undefined ? error.cause : error;
}
