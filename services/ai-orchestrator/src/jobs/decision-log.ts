import type { Component } from '@quotemaster/lifecycle';
import type { Clock } from '@quotemaster/lifecycle';
import type { Logger, Metrics } from '@quotemaster/observe';
import { createRepeater } from '@quotemaster/postgres';
import type { Decision } from '../domain/decision.ts';
import type { DecisionStore } from '../store/decision-store.ts';

/** Keeps decisions without making a request wait for it. */
export interface DecisionLog extends Component {
  keep(decision: Decision): void;
  /** Drops those of a user that have not been written, and tells how many those were. Those that are being written then have been. */
  forget(userId: string): Promise<number>;
  /** Finds one, whether it has been written or not. */
  find(id: string): Promise<Decision | undefined>;
}

/** Decisions that wait to be written. When Postgres is away for longer, the oldest go. */
const waitingMax = 5_000;
const batchMax = 200;
/** How long one waits for company. */
const gatherMs = 100;
const keptMs = 7 * 86_400_000;
const sweepEveryMs = 600_000;
const sweepBatch = 1_000;

/** Creates the log: a writer in batches, and a sweeper of what is older than seven days. Nothing is lost at a stop. */
export function createDecisionLog(options: {
  store: DecisionStore;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
  metrics: Metrics;
}): DecisionLog {
  const { store, clock, logger, metrics } = options;
  const dropped = metrics.counter('ai_decisions_dropped_total', 'Decisions that were given up, as Postgres was away for too long.');
  metrics.gauge('ai_decisions_waiting', 'Decisions that wait to be written.', [], (gauge) => gauge.set(waiting.size));
  /** By id, the oldest first. */
  const waiting = new Map<string, Decision>();
  let writing: Promise<void> = Promise.resolve();

  /** Writes a batch; true when there is more. */
  async function write(): Promise<boolean> {
    const batch = [...waiting.values()].slice(0, batchMax);
    if (batch.length === 0) return false;
    await (writing = store.insert(batch));
    for (const { id } of batch) waiting.delete(id);
    return waiting.size > 0;
  }

  const writer = createRepeater({
    everyMs: gatherMs,
    run: () => write(),
    onError: (error) => logger.warn({ err: error, waiting: waiting.size }, 'decisions could not be written; they wait'),
  });
  const sweeper = createRepeater({
    everyMs: sweepEveryMs,
    run: async (signal) => {
      await sweepDecisions(store, clock, signal);
      return false;
    },
    onError: (error) => logger.warn({ err: error }, 'old decisions were not swept'),
  });

  return {
    name: 'decision log',
    keep(decision) {
      waiting.set(decision.id, decision);
      if (waiting.size <= waitingMax) return;
      const [oldest] = waiting.keys();
      if (oldest !== undefined) waiting.delete(oldest);
      dropped.inc();
    },
    async forget(userId) {
      // A row that came after the user's others were deleted would stay.
      await writing.catch(() => undefined);
      const own = [...waiting.values()].filter((decision) => decision.userId === userId);
      for (const { id } of own) waiting.delete(id);
      return own.length;
    },
    find: async (id) => waiting.get(id) ?? (await store.find(id)),
    start() {
      writer.start();
      sweeper.start();
    },
    async stop() {
      await Promise.all([writer.stop(), sweeper.stop()]);
      try {
        while (await write());
      } catch (error) {
        logger.error({ err: error, waiting: waiting.size }, 'the last decisions could not be written');
      }
    },
  };
}

/** Deletes what is older than seven days, in batches. */
export async function sweepDecisions(
  store: Pick<DecisionStore, 'deleteSomeBefore'>,
  clock: Pick<Clock, 'now'>,
  signal?: AbortSignal,
): Promise<void> {
  let deleted: number;
  do deleted = await store.deleteSomeBefore(clock.now() - keptMs, sweepBatch);
  while (deleted === sweepBatch && signal?.aborted !== true);
}
