import type { Logger, Metrics } from '@quotemaster/observe';
import { createBusReport } from '../bus-report.ts';
import type { RedisConfig } from '../config.ts';
import type { RedisFace } from '../face.ts';
import { settledWithin } from '../settled-within.ts';
import { createConnection } from './connection.ts';
import { createRedisBus } from './redis-bus.ts';
import { createRedisKv } from './redis-kv.ts';
import { createRedisLeases } from './redis-leases.ts';
import { createRedisLimiter } from './redis-limiter.ts';

const startTimeoutMs = 3_000;

export interface RedisOptions extends RedisConfig {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Replaces the server's clock in the limiter; for tests. */
  readonly limiterNow?: () => number;
  /** See the bus; for tests. */
  readonly abandonedMs?: number;
  readonly retryDelayMs?: number;
}

/**
 * Creates everything Redis gives us, on one server or a cluster.
 *
 * A Redis that is away does not keep a process from starting: `start` waits 3 s for it and goes on, `healthy` tells, commands
 * fail at once with `common.unavailable`, and the connection comes back by itself.
 */
export function createRedis(options: RedisOptions): RedisFace {
  const { logger, metrics } = options;
  const connection = createConnection(options, { logger, metrics });
  return {
    kv: createRedisKv(connection),
    limiter: createRedisLimiter(connection, options.limiterNow),
    lease: createRedisLeases(connection),
    bus: createRedisBus({
      connection,
      logger,
      report: createBusReport({ logger, metrics }),
      abandonedMs: options.abandonedMs,
      retryDelayMs: options.retryDelayMs,
    }),
    async start() {
      const connected = connection.client.connect().catch((error: unknown) => {
        logger.warn({ err: error }, 'Redis is away at the start; trying on');
      });
      await settledWithin(connected, startTimeoutMs);
    },
    stop() {
      connection.client.disconnect();
      return Promise.resolve();
    },
    healthy: () => connection.isReady(),
  };
}
