import type { Logger, Metrics } from '@quotemaster/observe';
import { createBusReport } from '../bus-report.ts';
import type { RedisFace } from '../face.ts';
import { createTwinBus } from './twin-bus.ts';
import { createTwinKv } from './twin-kv.ts';
import { createTwinLeases } from './twin-leases.ts';
import { createTwinLimiter } from './twin-limiter.ts';

/**
 * Creates the in-process twin of Redis: the same capabilities for the contexts of one process, gone with it.
 * Standalone and tests pass one into every context. Without a logger nobody hears of handlers that fail.
 */
export function createRedisTwin(options: {
  clock: { now(): number; monotonic(): number };
  logger?: Logger;
  metrics?: Metrics;
  /** See limits.ts; for tests. */
  retryDelayMs?: number;
}): RedisFace {
  const { clock, logger, metrics } = options;
  return {
    kv: createTwinKv(clock),
    limiter: createTwinLimiter(clock),
    lease: createTwinLeases(clock),
    bus: createTwinBus({ report: createBusReport({ logger, metrics }), retryDelayMs: options.retryDelayMs }),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    healthy: () => true,
  };
}
