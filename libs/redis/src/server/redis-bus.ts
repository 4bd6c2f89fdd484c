import type { Logger, Metrics } from '@quotemaster/observe';
import type { BusEvent, EventBus } from '../face.ts';
import { queueMax } from '../limits.ts';
import { createBroadcastReader } from './broadcast-reader.ts';
import type { Connection } from './connection.ts';
import { createGroupReader } from './group-reader.ts';
import type { Reader } from './reader.ts';
import { deadStream, eventStream } from './streams.ts';

export interface RedisBusOptions {
  readonly connection: Connection;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How long an event may lie with a consumer that has gone silent before another takes it. Default 30 s. */
  readonly abandonedMs?: number;
}

/** Creates the event bus on Redis Streams: one stream a topic, of about the last 10,000 events. */
export function createRedisBus(options: RedisBusOptions): EventBus {
  const { connection, logger, metrics, abandonedMs = 30_000 } = options;
  const published = metrics.counter('bus_published_total', 'Events put on the bus.', ['topic']);
  const handled = metrics.counter('bus_handled_total', 'Events handed to subscribers, by outcome.', ['topic', 'outcome']);
  const active = new Set<Reader>();

  const append = (stream: string, event: BusEvent): Promise<unknown> =>
    connection.run('publish', (client) => client.xadd(stream, 'MAXLEN', '~', queueMax, '*', 'event', JSON.stringify(event)));

  return {
    async publish(event) {
      await append(eventStream(event.topic), event);
      published.inc({ topic: event.topic });
    },
    subscribe({ topics, group, handler }) {
      const count = (topic: string, outcome: string): void => handled.inc({ topic, outcome });
      const readers = topics.map((topic) =>
        group === undefined
          ? createBroadcastReader({ connection, topic, handler, count, logger })
          : createGroupReader({
              connection,
              topic,
              group,
              handler,
              count,
              logger,
              abandonedMs,
              putAside: (event) => append(deadStream(topic), event),
            }),
      );
      return {
        name: `subscription ${group ?? 'broadcast'} of ${topics.join(', ')}`,
        start: async () => {
          for (const reader of readers) {
            active.add(reader);
            await reader.start();
          }
        },
        stop: async () => {
          await Promise.all(readers.map((reader) => reader.stop()));
          for (const reader of readers) active.delete(reader);
        },
      };
    },
    healthy: () => connection.isReady() && [...active].every((reader) => reader.isReady()),
  };
}
