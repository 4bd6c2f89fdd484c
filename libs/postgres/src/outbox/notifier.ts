import type { Logger } from '@quotemaster/observe';
import type pg from 'pg';

export interface Notifier {
  /** Asks for a NOTIFY soon; however many ask meanwhile, there will be one. */
  readonly notify: () => void;
  stop(): void;
}

// NOTIFY in each transaction takes a lock of the whole server at commit: 18,000 transactions a second become 4,400.
const coalesceMs = 5;

/** Names the channel on which relays of a schema's outbox listen. */
export function outboxChannel(schema: string): string {
  return `${schema}_outbox`;
}

/** Creates a notifier that speaks after commits, outside transactions; one that fails is made good by the relay's poll. */
export function createNotifier(options: { pool: pg.Pool; channel: string; logger: Logger }): Notifier {
  const { pool, channel, logger } = options;
  let timer: NodeJS.Timeout | undefined;

  function send(): void {
    timer = undefined;
    if (pool.ending) return;
    pool.query("SELECT pg_notify($1, '')", [channel]).catch((error: unknown) => {
      logger.debug({ err: error }, 'the outbox relay was not notified and will poll');
    });
  }

  return {
    notify() {
      timer ??= setTimeout(send, coalesceMs).unref();
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
