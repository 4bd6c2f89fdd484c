import type { RedisFace } from '../face.ts';
import { createTwinBus } from './twin-bus.ts';
import { createTwinKv } from './twin-kv.ts';
import { createTwinLeases } from './twin-leases.ts';
import { createTwinLimiter } from './twin-limiter.ts';

/**
 * Creates the in-process twin of Redis: the same capabilities for the contexts of one process, gone with it.
 * Standalone and tests pass one into every context.
 */
export function createRedisTwin(options: { clock: { now(): number; monotonic(): number } }): RedisFace {
  const { clock } = options;
  return {
    kv: createTwinKv(clock),
    limiter: createTwinLimiter(clock),
    lease: createTwinLeases(clock),
    bus: createTwinBus(),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    healthy: () => true,
  };
}
