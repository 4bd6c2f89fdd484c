import { runWithTraceparent } from '@quotemaster/observe';
import type { Logger } from '@quotemaster/observe';
import type { BusEvent } from '../face.ts';
import type { Connection } from './connection.ts';
import { createReader } from './reader.ts';
import type { Reader } from './reader.ts';
import { eventStream, parseEntries, parseStreams } from './streams.ts';

const batchMax = 64;
const blockMs = 2_000;

/** Creates the reader of a subscriber without a group: every event from its start on, once. */
export function createBroadcastReader(options: {
  connection: Connection;
  topic: string;
  handler(event: BusEvent): Promise<void>;
  count(topic: string, outcome: string): void;
  logger: Logger;
}): Reader {
  const { topic, handler, count, logger } = options;
  const stream = eventStream(topic);
  // `$` would mean "now" anew at each read, and lose what came between two of them.
  let lastId: string | undefined;

  return createReader({
    connection: options.connection,
    name: `broadcast of ${topic}`,
    logger,
    async prepare(client) {
      lastId ??= parseEntries(await client.xrevrange(stream, '+', '-', 'COUNT', 1))[0]?.id ?? '0-0';
    },
    async step(client) {
      const entries = parseStreams(await client.xread('COUNT', batchMax, 'BLOCK', blockMs, 'STREAMS', stream, lastId ?? '0-0'));
      for (const { id, event } of entries) {
        lastId = id;
        if (event !== undefined) await handle(event);
      }
    },
  });

  async function handle(event: BusEvent): Promise<void> {
    try {
      await runWithTraceparent(event.traceparent, `handle ${topic}`, () => handler(event));
      count(topic, 'ok');
    } catch (error) {
      count(topic, 'failed');
      logger.error({ err: error, topic, eventId: event.id }, 'a subscriber failed');
    }
  }
}
