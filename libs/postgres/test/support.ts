import { join } from 'node:path';
import { createMetrics } from '@quotemaster/observe';
import type { Metrics } from '@quotemaster/observe';
import { createMemoryLog } from '@quotemaster/testkit/memory-log';
import { startTestPostgres } from '@quotemaster/testkit/test-postgres';
import type { ScratchDatabase } from '../src/index.ts';
import { createPostgres } from '../src/index.ts';
import type { Postgres, PostgresOptions, ServiceMigrations } from '../src/index.ts';

/** A service with one table, the idempotency records, the outbox and a concurrent lane. */
export const notes: ServiceMigrations = { service: 'notes', schema: 'notes', folder: join(import.meta.dirname, 'fixtures/notes') };
/** A service with one table and two migrations. */
export const labels: ServiceMigrations = { service: 'labels', schema: 'labels', folder: join(import.meta.dirname, 'fixtures/labels') };

export interface NotesDatabase {
  readonly database: ScratchDatabase;
  readonly postgres: Postgres;
  readonly metrics: Metrics;
  /** Another process's view of the same database. */
  connect(options?: Partial<PostgresOptions>): Postgres;
  stop(): Promise<void>;
}

/** Starts a server with the schema `notes` and connects to it as its app role. */
export async function openNotes(options: Partial<PostgresOptions> = {}): Promise<NotesDatabase> {
  const server = await startTestPostgres();
  const database = await server.createDatabase([notes]);
  const opened: Postgres[] = [];
  const metrics = createMetrics({ service: 'notes' });
  const connect = (more: Partial<PostgresOptions> = {}): Postgres => {
    const { logger } = createMemoryLog();
    const postgres = createPostgres({
      url: database.appUrl('notes'),
      service: 'notes',
      schema: 'notes',
      logger,
      metrics,
      ...options,
      ...more,
    });
    opened.push(postgres);
    return postgres;
  };
  return {
    database,
    postgres: connect(),
    metrics,
    connect,
    async stop() {
      for (const postgres of opened) await postgres.stop?.();
      await server.stop();
    },
  };
}
