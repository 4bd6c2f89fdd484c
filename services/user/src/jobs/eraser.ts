import type { Component } from '@quotemaster/lifecycle';
import { createRepeater } from '@quotemaster/postgres';
import type { Context } from '../context.ts';
import { withEvents } from '../event-source.ts';
import { endTokens } from '../rpc/unlink-oauth.ts';
import { erasureStore } from '../store/erasure-store.ts';
import type { DueStep } from '../store/erasure-store.ts';
import { oauthStore } from '../store/oauth-store.ts';
import { userStore } from '../store/user-store.ts';

const everyMs = 500;
/** A step that a crash cut short is taken up again after this time: longer than one call takes. */
const claimMs = 90_000;
const firstRetryMs = 1_000;
const retryMsMax = 10 * 60_000;
/** What was still being written while the account closed has been by then: longer than any deadline. */
const sweepAfterMs = 60_000;

type Needs = Pick<Context, 'clock' | 'postgres' | 'peers' | 'vault' | 'oauth' | 'events' | 'logger' | 'metrics'>;

/**
 * Erases deleted accounts, service by service: each step by one process at a time, again with growing pauses until it is done, and once
 * more a minute later. What a crash cut short goes on after it.
 */
export function createEraser(context: Needs): Component {
  const { logger, metrics } = context;
  const steps = metrics.counter('user_erasure_steps_total', 'Steps of deletions, by what became of them.', ['erased_service', 'outcome']);
  const repeater = createRepeater({
    everyMs,
    run: (signal) => runStep(context, signal, (service, outcome) => steps.inc({ erased_service: service, outcome })),
    onError: (error) => logger.warn({ err: error }, 'deletions not looked for; the next run tries again'),
  });
  return { name: 'eraser', start: () => repeater.start(), stop: () => repeater.stop() };
}

/** Does one step; tells whether there was one. */
async function runStep(context: Needs, signal: AbortSignal, count: (service: string, outcome: string) => void): Promise<boolean> {
  const { clock, postgres, logger } = context;
  const step = await postgres.transaction(async (tx) => {
    const due = await erasureStore.claim(tx, new Date(clock.now()));
    if (due !== undefined) await erasureStore.postpone(tx, due, new Date(clock.now() + claimMs));
    return due;
  });
  if (step === undefined) return false;
  const { service, userId, erasureId } = step;
  try {
    await erase(context, step, signal);
    await settle(context, step);
    count(service, step.completedAt === null ? 'erased' : 'swept');
    logger.info({ erasedService: service, userId, receiptId: erasureId }, 'a part of a deleted account was erased');
  } catch (error) {
    const pauseMs = Math.min(retryMsMax, firstRetryMs * 2 ** Math.min(step.attempts, 20));
    await erasureStore.postpone(postgres.db, step, new Date(clock.now() + pauseMs));
    count(service, 'postponed');
    logger.warn(
      { erasedService: service, userId, receiptId: erasureId, pauseMs, err: error },
      'a part of a deleted account was not erased yet',
    );
  }
  return true;
}

async function erase({ postgres, peers, vault, oauth, logger }: Needs, { service, userId }: DueStep, signal: AbortSignal): Promise<void> {
  if (service !== 'user') return peers.erase(service, userId, signal);
  // Read first, for the links go with the account.
  const links = await oauthStore.listLinks(postgres.db, userId);
  for (const link of links) await endTokens({ vault, oauth }, link, { logger });
  await userStore.delete(postgres.db, userId);
}

async function settle({ clock, postgres, events, logger }: Needs, step: DueStep): Promise<void> {
  const now = new Date(clock.now());
  if (step.completedAt !== null) return erasureStore.markSwept(postgres.db, step, now);
  await withEvents(postgres, { logger, client: undefined }, async (source) => {
    const isLast = await erasureStore.complete(source.tx, step, now, new Date(now.getTime() + sweepAfterMs));
    if (isLast) await events.erased(source, { userId: step.userId, receiptId: step.erasureId });
  });
}
