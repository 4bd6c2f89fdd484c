import type { Clock } from '@quotemaster/lifecycle';
import type { Logger } from '@quotemaster/observe';

/** What gives one of many processes the right to work for a while; libs/redis has it. */
export interface LeaseSource {
  acquire(name: string, ttlMs: number): Promise<LeaseHold | undefined>;
}
export interface LeaseHold {
  /** False when the lease went to somebody else. */
  renew(): Promise<boolean>;
  release(): Promise<unknown>;
}

export interface Leadership {
  /** Tells whether this process may work now; takes or renews the lease where it is time to. */
  hold(): Promise<boolean>;
  release(): Promise<void>;
}

const ttlMs = 10_000;
const renewMs = 3_000;
const acquireMs = 1_000;

/**
 * Keeps a lease while it is held, and asks for it once a second while it isn't.
 *
 * The lease spares work and keeps order; it is not what makes the relay right. So a source that fails is no leader's end
 * before the time is up, and no reason to stop.
 */
export function createLeadership(options: {
  source: LeaseSource;
  name: string;
  clock: Pick<Clock, 'monotonic'>;
  logger: Logger;
}): Leadership {
  const { source, name, clock, logger } = options;
  let lease: LeaseHold | undefined;
  let askedAt = -Infinity;

  return {
    async hold() {
      const now = clock.monotonic();
      if (now - askedAt < (lease === undefined ? acquireMs : renewMs)) return lease !== undefined;
      askedAt = now;
      try {
        if (lease !== undefined && !(await lease.renew())) lease = undefined;
        lease ??= await source.acquire(name, ttlMs);
      } catch (error) {
        logger.warn({ err: error, lease: name }, 'the lease could not be asked for');
        lease = undefined;
      }
      return lease !== undefined;
    },
    async release() {
      const held = lease;
      lease = undefined;
      askedAt = -Infinity;
      await held?.release().catch((error: unknown) => logger.debug({ err: error, lease: name }, 'the lease was left to its end'));
    },
  };
}
