import { AppError } from '@quotemaster/errors';
import { ConfigError } from '@quotemaster/config';
import type { Secret } from '@quotemaster/config';
import type { Component } from '@quotemaster/lifecycle';
import type { Logger, Metrics } from '@quotemaster/observe';
import pg from 'pg';
import { withChildSpan } from './child-span.ts';
import { createConnections } from './connections.ts';
import { createDatabase } from './database.ts';
import type { Database, Transaction } from './database.ts';
import { sqlState } from './errors.ts';
import { registerTransaction } from './open-transactions.ts';
import { createNotifier, outboxChannel } from './outbox/notifier.ts';

export interface PostgresOptions {
  readonly url: Secret;
  /** The service's name; the server shows it as application_name. */
  readonly service: string;
  /** First of the search path, so unqualified names are the service's own tables. */
  readonly schema: string;
  readonly poolMax?: number;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  readonly idleInTransactionTimeoutMs?: number;
  /** Bounds both the making of a connection and the wait for a free one. */
  readonly connectTimeoutMs?: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface Postgres extends Component {
  /** For single statements. Its `transaction` is the one below. */
  readonly db: Database;
  /** The pool beneath, for libraries that need one; our own code takes `db` and `transaction`. */
  readonly pool: pg.Pool;
  readonly schema: string;
  readonly logger: Logger;
  /** Runs `work` in a transaction: committed when it resolves, rolled back when it rejects, and its own error comes out. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Resolves when the database answers; rejects with `common.unavailable` or `common.overloaded`. */
  ping(): Promise<void>;
  /** Makes a connection outside the pool, for LISTEN. Whoever asks ends it. */
  connect(): Promise<pg.Client>;
}

/**
 * Creates a service's way to its database: a bounded pool with deadlines on everything, and drizzle on it.
 *
 * Nothing waits for ever: connecting, waiting for a connection, statements, locks and idle transactions each have a limit.
 * Errors of the road are AppErrors (`common.unavailable`, `common.overloaded`, `common.deadline_exceeded`); those of a
 * statement, such as a unique violation, stay the server's own: see isUniqueViolation.
 */
export function createPostgres(options: PostgresOptions): Postgres {
  const { service, schema, logger, metrics, statementTimeoutMs = 5_000 } = options;
  const settings: pg.ClientConfig = {
    connectionString: options.url.reveal(),
    application_name: service,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 2_000,
    statement_timeout: statementTimeoutMs,
    // The server's own limit can't help when the server or the road is gone: the driver's stands a second behind it.
    query_timeout: statementTimeoutMs + 1_000,
    lock_timeout: options.lockTimeoutMs ?? 2_000,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 15_000,
    options: `-c search_path=${schema}`,
    keepAlive: true,
  };
  const { pool, lend, end } = createConnections({ settings, poolMax: options.poolMax ?? 10, logger, metrics });
  const db = createDatabase({ query: (config, values) => lend((runner) => runner.query(config, values)) });
  const notifier = createNotifier({ pool, channel: outboxChannel(schema), logger });

  async function transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const afterCommit = new Set<() => void>();
    const result = await withChildSpan('postgres.transaction', { 'db.system.name': 'postgresql' }, () =>
      lend(async (runner) => {
        let failure: { error: unknown } | undefined;
        try {
          return await createDatabase(runner).transaction(async (tx) => {
            registerTransaction(tx, { afterCommit, wakeRelays: notifier.notify });
            try {
              return await work(tx);
            } catch (error) {
              failure = { error };
              throw error;
            }
          });
        } catch (error) {
          // Where the rollback fails too, the first error says more.
          throw failure === undefined ? error : failure.error;
        }
      }),
    );
    for (const hook of afterCommit) {
      try {
        hook();
      } catch (error) {
        // What was committed stays committed: its caller must not hear of a failure.
        logger.error({ err: error }, 'a hook failed after its transaction was committed');
      }
    }
    return result;
  }
  db.transaction = transaction;

  const ping = (): Promise<void> =>
    lend(async (runner) => {
      await runner.query({ text: 'SELECT 1' });
    });

  return {
    name: `postgres of ${service}`,
    db,
    pool,
    schema,
    logger,
    transaction,
    ping,
    async connect() {
      const client = new pg.Client({ ...settings, application_name: `${service} listen` });
      await client.connect();
      return client;
    },
    async start() {
      try {
        await ping();
      } catch (error) {
        if (isRefusal(error)) throw refusalOf(service, error);
        // A database that is late is no reason to die: readiness waits for it.
        logger.warn({ err: error }, 'the database does not answer yet');
      }
    },
    async stop() {
      notifier.stop();
      await end();
    },
  };
}

/** Wrong password or role (class 28), no such database (3D000). */
function isRefusal(error: unknown): boolean {
  const state = sqlState(error);
  return state?.startsWith('28') === true || state === '3D000';
}

function refusalOf(service: string, error: unknown): Error {
  const found = error instanceof AppError || !(error instanceof Error) ? 'a refusal' : error.message;
  return new ConfigError([
    { variable: `DATABASE_URL_${service.toUpperCase()} (or DATABASE_URL)`, expected: 'a database that lets this role in', found },
  ]);
}
