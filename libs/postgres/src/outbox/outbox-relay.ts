import type { Clock, Component } from '@quotemaster/lifecycle';
import { runWithTraceparent } from '@quotemaster/observe';
import type { Logger, Metrics } from '@quotemaster/observe';
import type { Postgres } from '../create-postgres.ts';
import { createRepeater } from '../repeater.ts';
import { createLeadership } from './leadership.ts';
import type { LeaseSource } from './leadership.ts';
import { createListener } from './listener.ts';
import { outboxChannel } from './notifier.ts';
import { claimEvents, markSent, measureLag, postpone, pruneSent } from './outbox-store.ts';
import type { ClaimedEvent, OutboxEvent } from './outbox-store.ts';

export interface OutboxRelayOptions {
  readonly postgres: Postgres;
  /** Resolves when the event is where it will not be lost. It may be called again for the same event. */
  publish(event: OutboxEvent): Promise<void>;
  readonly lease: LeaseSource;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How long an event waits at most when its NOTIFY was lost. */
  readonly pollMs?: number;
  readonly publishTimeoutMs?: number;
  /** An event that failed n times waits retryMs * 2^(n-1), at most a minute. */
  readonly retryMs?: number;
  /** How long a sent event is kept, for those who look for it. */
  readonly keepSentMs?: number;
}

const batchMax = 50;
// Together with one publish's time-out well under idleInTransactionTimeoutMs.
const batchBudgetMs = 5_000;
const retryMsMax = 60_000;
const pruneBatch = 1_000;
const housekeepingMs = 5_000;

/**
 * Creates the component that publishes what the outbox holds: at least once each, also when any process is killed at any
 * moment; in order for each key, as far as failures allow.
 *
 * Events are claimed by their state with row locks, never by position: the order of ids is not the order of commits. One
 * relay of many works, as the lease says; should two, they share the rows. A failed event is kept and tried for ever, and
 * does not hold up others. Each is published within the trace it was appended in.
 */
export function createOutboxRelay(options: OutboxRelayOptions): Component {
  const { postgres, logger, metrics, clock } = options;
  const { pollMs = 250, publishTimeoutMs = 5_000, retryMs = 500, keepSentMs = 3_600_000 } = options;
  const published = metrics.counter('outbox_published_total', 'Events the relay tried to publish.', ['topic', 'outcome']);
  const lag = metrics.gauge('outbox_lag_seconds', 'Age of the oldest event that waits; only the working relay tells it.');
  const pending = metrics.gauge('outbox_pending_events', 'Events that wait, counted to 10,000; only the working relay tells it.');
  const leadership = createLeadership({ source: options.lease, name: `outbox:${postgres.schema}`, clock, logger });
  let housekeptAt = -Infinity;

  async function send(event: OutboxEvent): Promise<void> {
    const { topic, traceparent } = event;
    let outcome = 'failed';
    try {
      await runWithTraceparent(traceparent, `publish ${topic}`, () => withDeadline(options.publish(event), publishTimeoutMs));
      outcome = 'sent';
    } finally {
      published.inc({ topic, outcome });
    }
  }

  /** Publishes one batch, keys side by side and the events of a key in order; gives the number sent. */
  async function relayBatch(): Promise<number> {
    return postgres.transaction(async (tx) => {
      const sent: string[] = [];
      const failures: (ClaimedEvent & { error: unknown })[] = [];
      const claimed = await claimEvents(tx, batchMax);
      const endsAt = clock.monotonic() + batchBudgetMs;
      const relayKey = async (events: readonly ClaimedEvent[]): Promise<void> => {
        for (const claim of events) {
          // The transaction is open meanwhile: what is left when the time is up is the next batch's.
          if (clock.monotonic() > endsAt) return;
          try {
            await send(claim.event);
            sent.push(claim.event.id);
          } catch (error) {
            failures.push({ ...claim, error });
            // Those behind it stay as they are: the next batch has them, after this one's pause has begun.
            return;
          }
        }
      };
      await Promise.all([...groupByKey(claimed).values()].map(relayKey));
      await markSent(tx, sent);
      for (const { event, attempts } of failures) await postpone(tx, event.id, Math.min(retryMs * 2 ** Math.min(attempts, 20), retryMsMax));
      const [first] = failures;
      if (first !== undefined) {
        const fields = {
          failed: failures.length,
          eventId: first.event.id,
          topic: first.event.topic,
          attempts: first.attempts + 1,
          err: first.error,
        };
        logger.warn(fields, 'events were not published and will be tried again');
      }
      return sent.length;
    });
  }

  async function keepHouse(): Promise<void> {
    if (clock.monotonic() - housekeptAt < housekeepingMs) return;
    housekeptAt = clock.monotonic();
    await pruneSent(postgres.db, keepSentMs, pruneBatch);
    const state = await measureLag(postgres.db);
    lag.set(state.lagSeconds);
    pending.set(state.pending);
  }

  const repeater = createRepeater({
    everyMs: pollMs,
    async run() {
      if (!(await leadership.hold())) return false;
      const sent = await relayBatch();
      await keepHouse();
      // A batch of which nothing went out says that the bus is down: it gets the pause.
      return sent > 0;
    },
    onError: (error) => logger.warn({ err: error }, 'the outbox relay failed and will go on'),
  });
  const listener = createListener({
    connect: postgres.connect,
    channel: outboxChannel(postgres.schema),
    onNotify: () => repeater.wake(),
    logger,
  });

  return {
    name: `outbox relay of ${postgres.schema}`,
    start() {
      listener.start();
      repeater.start();
    },
    async stop() {
      await listener.stop();
      await repeater.stop();
      await leadership.release();
    },
  };
}

function groupByKey(claimed: readonly ClaimedEvent[]): Map<string, ClaimedEvent[]> {
  const groups = new Map<string, ClaimedEvent[]>();
  for (const entry of claimed) {
    const group = groups.get(entry.event.key);
    if (group === undefined) groups.set(entry.event.key, [entry]);
    else group.push(entry);
  }
  return groups;
}

async function withDeadline(work: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`not published within ${String(timeoutMs)} ms`));
    }, timeoutMs);
  });
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
