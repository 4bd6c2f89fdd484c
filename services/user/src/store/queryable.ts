import type { Database, Transaction } from '@quotemaster/postgres';

/** Where a named query runs: on a connection of its own or inside a transaction. */
export type Queryable = Database | Transaction;
