import type { Component } from '@quotemaster/lifecycle';
import type { Context } from '../context.ts';
import { attemptStore } from '../store/attempt-store.ts';
import { factorStore } from '../store/factor-store.ts';
import { mailStore } from '../store/mail-store.ts';
import { oauthStore } from '../store/oauth-store.ts';
import { sessionStore } from '../store/session-store.ts';

const intervalMs = 3_600_000;
/** Sessions that are over are kept for a day, for whoever asks why theirs ended. */
const keptMs = 24 * 3_600_000;
const batchMax = 1_000;
/** One run removes at most this many batches; what is left waits for the next hour. */
const batchesMax = 100;

/** Removes sessions that ended, with their refresh tokens, once an hour and in one process at a time. */
export function createSessionPruner(context: Pick<Context, 'clock' | 'postgres' | 'redis' | 'logger'>): Component {
  const { clock, logger, postgres, redis } = context;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isStopping = false;

  async function run(): Promise<void> {
    try {
      const lease = await redis.lease.acquire('user.session-pruner', intervalMs / 2);
      if (lease === undefined) return;
      try {
        const pruned = await pruneSessions({ clock, postgres }, () => isStopping);
        await pruneLeftovers({ clock, postgres });
        logger.info({ pruned }, 'ended sessions pruned');
      } finally {
        await lease.release();
      }
    } catch (error) {
      logger.warn({ err: error }, 'ended sessions not pruned; the next run tries again');
    }
  }

  return {
    name: 'session pruner',
    start() {
      timer = setInterval(() => {
        running = running.then(run);
      }, intervalMs);
      timer.unref();
    },
    async stop() {
      isStopping = true;
      clearInterval(timer);
      await running;
    },
  };
}

/** Removes what has expired unused: counts of attempts, tokens of mails, challenges, sign-ins that nobody finished. */
export async function pruneLeftovers({ clock, postgres }: Pick<Context, 'clock' | 'postgres'>): Promise<void> {
  const now = new Date(clock.now());
  for (let batch = 0; batch < batchesMax; batch += 1) {
    if ((await attemptStore.prune(postgres.db, new Date(now.getTime() - keptMs), batchMax)) < batchMax) break;
  }
  await mailStore.pruneTokens(postgres.db, now);
  await factorStore.pruneChallenges(postgres.db, now);
  await oauthStore.prune(postgres.db, now);
}

/** Removes the sessions that ended more than a day ago; tells how many. */
export async function pruneSessions({ clock, postgres }: Pick<Context, 'clock' | 'postgres'>, isStopping: () => boolean): Promise<number> {
  const before = new Date(clock.now() - keptMs);
  let pruned = 0;
  for (let batch = 0; batch < batchesMax && !isStopping(); batch += 1) {
    const count = await sessionStore.prune(postgres.db, before, batchMax);
    pruned += count;
    if (count < batchMax) break;
  }
  return pruned;
}
