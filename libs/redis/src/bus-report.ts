import type { Logger, Metrics } from '@quotemaster/observe';
import type { BusEvent } from './face.ts';

/** Tells logs and metrics what becomes of events; the same for Redis and its twin. */
export interface BusReport {
  published(topic: string): void;
  handled(topic: string): void;
  /** A handler threw. */
  failed(event: BusEvent, error: unknown): void;
  /** A group's event has had its tries and was put aside. */
  dead(event: BusEvent, group: string): void;
  /** A stream holds something that is no event; it is skipped. */
  unreadable(topic: string, entryId: string): void;
  /** A subscriber is so slow that its oldest event was dropped. */
  dropped(topic: string): void;
  /** A subscription stopped while a handler was still at work. */
  leftBehind(topic: string): void;
}

/** Creates a report to the logger and metrics given, if any. Payloads are never logged. */
export function createBusReport({ logger, metrics }: { logger?: Logger | undefined; metrics?: Metrics | undefined }): BusReport {
  const published = metrics?.counter('bus_published_total', 'Events put on the bus.', ['topic']);
  const handled = metrics?.counter('bus_handled_total', 'Events handed to subscribers, by outcome.', ['topic', 'outcome']);
  return {
    published: (topic) => published?.inc({ topic }),
    handled: (topic) => handled?.inc({ topic, outcome: 'ok' }),
    failed: ({ topic, id }, error) => {
      handled?.inc({ topic, outcome: 'failed' });
      logger?.warn({ err: error, topic, eventId: id }, 'a subscriber failed');
    },
    dead: ({ topic, id }, group) => {
      handled?.inc({ topic, outcome: 'dead' });
      logger?.error({ topic, group, eventId: id }, 'an event was put aside: no try could handle it');
    },
    unreadable: (topic, entryId) => {
      handled?.inc({ topic, outcome: 'unreadable' });
      logger?.error({ topic, entryId }, 'an entry that is no event was skipped');
    },
    dropped: (topic) => {
      handled?.inc({ topic, outcome: 'dropped' });
      logger?.error({ topic }, 'an event was dropped: its subscriber is too slow');
    },
    leftBehind: (topic) => logger?.warn({ topic }, 'a handler was left behind: it did not end in time'),
  };
}
