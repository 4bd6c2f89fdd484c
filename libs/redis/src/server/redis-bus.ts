import type { Logger } from '@quotemaster/observe';
import type { BusReport } from '../bus-report.ts';
import type { EventBus } from '../face.ts';
import { retryDelayMs as defaultRetryDelayMs } from '../limits.ts';
import { createBroadcastReader } from './broadcast-reader.ts';
import type { Connection } from './connection.ts';
import { createGroupReader } from './group-reader.ts';
import type { Reader } from './reader.ts';
import { eventStream, toStreamFields } from './streams.ts';

export interface RedisBusOptions {
  readonly connection: Connection;
  readonly logger: Logger;
  readonly report: BusReport;
  /** How long an event may lie with a consumer that has gone silent before another takes it. Default 30 s. */
  readonly abandonedMs?: number | undefined;
  readonly retryDelayMs?: number | undefined;
}

/** Creates the event bus on Redis Streams: one stream a topic, of about the last 10,000 events. */
export function createRedisBus(options: RedisBusOptions): EventBus {
  const { connection, logger, report, abandonedMs = 30_000, retryDelayMs = defaultRetryDelayMs } = options;
  const active = new Set<Reader>();

  return {
    async publish(event) {
      await connection.run('bus_publish', (client) => client.xadd(eventStream(event.topic), ...toStreamFields(event)));
      report.published(event.topic);
    },
    subscribe({ topics, group, handler }) {
      const readers = topics.map((topic) =>
        group === undefined
          ? createBroadcastReader({ connection, logger, report, topic, handler })
          : createGroupReader({ connection, logger, report, topic, handler, group, abandonedMs, retryDelayMs }),
      );
      return {
        name: `subscription ${group ?? 'broadcast'} of ${topics.join(', ')}`,
        start: async () => {
          for (const reader of readers) active.add(reader);
          await Promise.all(readers.map((reader) => reader.start()));
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
