import type { Attributes } from '@opentelemetry/api';
import type { Logger, Metrics } from '@quotemaster/observe';
import pg from 'pg';
import type { StatementRunner } from './database.ts';
import { isConnectionLost, overloaded, sqlState, toAppError, unavailable } from './errors.ts';
import { withChildSpan } from './child-span.ts';
import { createStatementNames } from './statement-names.ts';
import { summariseStatement } from './statement-summary.ts';

/** Connections of one service to its database, each lent to one piece of work at a time. */
export interface Connections {
  readonly pool: pg.Pool;
  /** Lends a connection to `work`; one that was lost on the way is thrown away behind it. */
  lend<T>(work: (runner: StatementRunner) => Promise<T>): Promise<T>;
  /** Ends all of them; resolves when the last is closed, or after a second. */
  end(): Promise<void>;
}

export interface ConnectionsOptions {
  readonly settings: pg.PoolConfig;
  readonly poolMax: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

// Beyond these, whoever waits would reach its own deadline before its turn.
const waitersPerConnectionMax = 20;
const closingMsMax = 1_000;

/**
 * Creates a bounded pool: at most `poolMax` connections, twenty waiters for each, and a deadline for the wait.
 * @throws AppError from `lend`: `common.overloaded` when all are lent, `common.unavailable` when none can be made.
 */
export function createConnections(options: ConnectionsOptions): Connections {
  const { poolMax, logger, metrics } = options;
  const pool = new pg.Pool({ ...options.settings, max: poolMax });
  const open = new Set<pg.PoolClient>();
  // A connection that breaks while nobody uses it is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => logger.warn({ err: error }, 'an idle database connection was lost'));
  // Lent connections have no listener of the pool's; their loss reaches whoever holds them with the statement.
  pool.on('connect', (client) => {
    client.on('error', (error) => logger.debug({ err: error }, 'a database connection was lost'));
    open.add(client);
    client.once('end', () => open.delete(client));
  });

  metrics.gauge('postgres_pool_connections', 'Connections of the pool by state, and who waits for one.', ['state'], (gauge) => {
    gauge.set({ state: 'idle' }, pool.idleCount);
    gauge.set({ state: 'used' }, pool.totalCount - pool.idleCount);
    gauge.set({ state: 'waiting' }, pool.waitingCount);
  });
  const nameOf = createStatementNames();
  const duration = metrics.histogram('postgres_query_duration_seconds', 'Duration of statements.', ['statement', 'outcome']);

  function toPrepared(config: pg.QueryConfig, values: unknown[] | undefined): pg.QueryConfig {
    const name = (values ?? config.values ?? []).length === 0 ? undefined : (config.name ?? nameOf(config.text));
    return name === undefined ? config : { ...config, name };
  }

  async function acquire(): Promise<pg.PoolClient> {
    if (pool.waitingCount >= poolMax * waitersPerConnectionMax) throw overloaded('too many wait for a database connection');
    const wasFull = pool.totalCount >= poolMax && pool.idleCount === 0;
    try {
      return await pool.connect();
    } catch (error) {
      if (sqlState(error) !== undefined) throw toAppError(error);
      throw wasFull
        ? overloaded('no database connection became free in time', error)
        : unavailable('the database can not be reached', error);
    }
  }

  return {
    pool,
    async end() {
      await pool.end();
      // The pool forgets a connection when it has said goodbye; a server that stops now would still find it there.
      const closed = Promise.all([...open].map((client) => new Promise((resolve) => client.once('end', resolve))));
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, closingMsMax).unref())]);
    },
    async lend(work) {
      const client = await acquire();
      let lost = false;
      const runner: StatementRunner = {
        query: (config, values) => {
          const { statement, attributes } = describe(config);
          return withChildSpan('postgres.query', attributes, async () => {
            const startedAt = performance.now();
            let outcome = 'ok';
            try {
              return await client.query(toPrepared(config, values), values);
            } catch (error) {
              outcome = sqlState(error) ?? 'lost';
              lost ||= isConnectionLost(error);
              throw toAppError(scrub(error));
            } finally {
              duration.observe({ statement, outcome }, (performance.now() - startedAt) / 1_000);
            }
          });
        },
      };
      try {
        return await work(runner);
      } finally {
        client.release(lost);
      }
    },
  };
}

function describe(config: pg.QueryConfig): { statement: string; attributes: Attributes } {
  const statement = config.name ?? summariseStatement(config.text);
  return { statement, attributes: { 'db.system.name': 'postgresql', 'db.query.summary': statement } };
}

/** Takes the row's own values out of a server's error: they are people's data and would reach the log. */
function scrub(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) Object.assign(error, { detail: undefined, where: undefined, internalQuery: undefined });
  return error;
}
