import { randomUUID } from 'node:crypto';
import { runWithTraceparent } from '@quotemaster/observe';
import type { Logger } from '@quotemaster/observe';
import type { BusEvent } from '../face.ts';
import { deliveriesMax, retryDelayMs } from '../limits.ts';
import { pause } from '../pause.ts';
import type { Client, Connection } from './connection.ts';
import { createReader } from './reader.ts';
import type { Reader } from './reader.ts';
import { eventStream, parseEntries, parseStreams } from './streams.ts';
import type { StreamEntry } from './streams.ts';

const batchMax = 16;
const blockMs = 1_000;

/**
 * Creates the reader of a subscriber in a group: each event is handled by one of the group, acknowledged when its handler
 * has ended well, tried five times and then put aside.
 *
 * What a consumer that died had taken is taken over once it has lain for `abandonedMs`.
 */
export function createGroupReader(options: {
  connection: Connection;
  topic: string;
  group: string;
  abandonedMs: number;
  handler(event: BusEvent): Promise<void>;
  putAside(event: BusEvent): Promise<unknown>;
  count(topic: string, outcome: string): void;
  logger: Logger;
}): Reader {
  const { topic, group, abandonedMs, handler, putAside, count, logger } = options;
  const stream = eventStream(topic);
  const consumer = randomUUID();
  let groupSeen = false;
  let claimedAt = -Infinity;

  return createReader({
    connection: options.connection,
    name: `${group} of ${topic}`,
    logger,
    async prepare(client) {
      await createGroup(client);
      groupSeen = true;
    },
    async step(client, signal) {
      if (performance.now() - claimedAt > abandonedMs / 2) {
        claimedAt = performance.now();
        await handleAll(await takeOver(client), signal);
      }
      const answer = await client.xreadgroup(
        'GROUP',
        group,
        consumer,
        'COUNT',
        batchMax,
        'BLOCK',
        Math.min(blockMs, abandonedMs),
        'STREAMS',
        stream,
        '>',
      );
      await handleAll(parseStreams(answer), signal);
    },
  });

  async function createGroup(client: Client): Promise<void> {
    try {
      // A group that was there and is gone was lost with the server's data: whatever the stream holds now is news to it.
      await client.xgroup('CREATE', stream, group, groupSeen ? '0' : '$', 'MKSTREAM');
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
    }
  }

  async function takeOver(client: Client): Promise<StreamEntry[]> {
    const answer: unknown = await client.xautoclaim(stream, group, consumer, abandonedMs, '0', 'COUNT', batchMax);
    return Array.isArray(answer) ? parseEntries(answer[1]) : [];
  }

  async function handleAll(entries: readonly StreamEntry[], signal: AbortSignal): Promise<void> {
    for (const { id, event } of entries) {
      // What is left of the batch stays pending and is taken over.
      if (signal.aborted) return;
      // Not on the reading connection: a stop cuts that one, and what was handled must be acknowledged all the same.
      if (event === undefined || (await handle(event, signal))) await options.connection.run('ack', (main) => main.xack(stream, group, id));
    }
  }

  /** True when the event is done with: handled, or put aside after its last try. */
  async function handle(event: BusEvent, signal: AbortSignal): Promise<boolean> {
    for (let delivery = 1; ; delivery += 1) {
      try {
        await runWithTraceparent(event.traceparent, `handle ${topic}`, () => handler(event));
        count(topic, 'ok');
        return true;
      } catch (error) {
        count(topic, 'failed');
        if (delivery >= deliveriesMax) {
          logger.error({ err: error, topic, group, eventId: event.id }, 'an event was put aside: its subscriber failed every time');
          count(topic, 'dead');
          await putAside(event);
          return true;
        }
      }
      await pause(retryDelayMs * delivery, signal);
      if (signal.aborted) return false;
    }
  }
}
