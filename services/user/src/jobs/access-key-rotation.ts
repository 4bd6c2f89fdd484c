import { rotateAccessKeys } from '@quotemaster/auth';
import type { Component } from '@quotemaster/lifecycle';
import { createRepeater } from '@quotemaster/postgres';
import type { Context } from '../context.ts';
import { createKeySeal } from '../credentials/key-seal.ts';

const everyMs = 10 * 60_000;
const leaseMs = 60_000;
const dayMs = 24 * 3_600_000;

/**
 * Rotates the keys of access tokens when the newest is older than `maxAgeDays`, and removes those whose last token has died; one process
 * at a time. Keys that are mounted read-only are rotated where they are made, with `make rotate-keys`.
 */
export function createAccessKeyRotation(
  context: Pick<Context, 'clock' | 'redis' | 'vault' | 'logger'>,
  { directory, maxAgeDays }: { directory: string; maxAgeDays: number },
): Component {
  const { clock, redis, logger } = context;
  const seal = createKeySeal(context.vault);
  const repeater = createRepeater({
    everyMs,
    async run() {
      const lease = await redis.lease.acquire('user.access-key-rotation', leaseMs);
      if (lease === undefined) return false;
      try {
        const { added, removed } = rotateAccessKeys(directory, { clock, seal, olderThanMs: maxAgeDays * dayMs });
        if (added !== undefined || removed.length > 0) logger.info({ added, removed }, 'access keys rotated');
      } finally {
        await lease.release();
      }
      return false;
    },
    onError: (error) => logger.warn({ err: error }, 'access keys not rotated; `make rotate-keys` does it where they are made'),
  });
  return { name: 'access key rotation', start: () => repeater.start(), stop: () => repeater.stop() };
}
