import { randomUUID } from 'node:crypto';
import type { BusEvent } from '../face.ts';
import { handOut } from '../hand-out.ts';
import { deliveriesMax } from '../limits.ts';
import type { Client } from './connection.ts';
import { createConsumerPruning } from './consumer-pruning.ts';
import { blockMs, createReader } from './reader.ts';
import type { Reader, ReaderOptions } from './reader.ts';
import { deadStream, eventStream, parseEntries, parseStreams, toStreamFields } from './streams.ts';
import type { StreamEntry } from './streams.ts';

/**
 * Creates the reader of a subscriber in a group: each event is handled by one of the group, acknowledged when its handler
 * has ended well, tried five times and then put aside.
 *
 * It takes one event at a time, so that none lies with it unhandled and Redis counts right how often each was handed out.
 * What a consumer that died had taken is taken over once it has lain for `abandonedMs`; what five consumers died of is put
 * aside unhandled.
 */
export function createGroupReader(
  options: Pick<ReaderOptions, 'connection' | 'logger' | 'report'> & {
    topic: string;
    group: string;
    handler(event: BusEvent): Promise<void>;
    abandonedMs: number;
    retryDelayMs: number;
  },
): Reader {
  const { connection, topic, group, abandonedMs, handler, retryDelayMs, report } = options;
  const stream = eventStream(topic);
  const consumer = randomUUID();
  const pruneConsumers = createConsumerPruning(connection);
  let groupSeen = false;
  let claimedAt = -Infinity;
  /** Done with, but Redis has not confirmed it yet. */
  let unacknowledged: string | undefined;

  return createReader({
    ...options,
    name: `${group} of ${topic}`,
    async prepare(client) {
      await createGroup(client);
      groupSeen = true;
      await pruneConsumers(stream, group).catch((error: unknown) => {
        options.logger.debug({ err: error, topic, group }, 'old consumers of a group could not be removed');
      });
    },
    async step(client, signal) {
      await acknowledge();
      if (performance.now() - claimedAt > abandonedMs / 2) {
        await takeOver(signal);
        claimedAt = performance.now();
      }
      const wait = Math.min(blockMs, abandonedMs);
      const answer = await client.xreadgroup('GROUP', group, consumer, 'COUNT', 1, 'BLOCK', wait, 'STREAMS', stream, '>');
      for (const entry of parseStreams(answer)) await settle(entry, 1, signal);
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

  async function takeOver(signal: AbortSignal): Promise<void> {
    let cursor = '0-0';
    do {
      const from = cursor;
      const answer: unknown = await connection.run('bus_claim', (client) =>
        client.xautoclaim(stream, group, consumer, abandonedMs, from, 'COUNT', 1),
      );
      const [next, entries]: unknown[] = Array.isArray(answer) ? (answer as unknown[]) : [];
      for (const entry of parseEntries(entries)) await settle(entry, await deliveriesOf(entry.id), signal);
      cursor = typeof next === 'string' ? next : '0-0';
    } while (cursor !== '0-0' && !signal.aborted);
  }

  /** How often an entry was handed out, this time included. */
  async function deliveriesOf(id: string): Promise<number> {
    const [pending]: unknown[] = await connection.run('bus_pending', (client) => client.xpending(stream, group, id, id, 1));
    return Array.isArray(pending) ? Number(pending[3]) : 1;
  }

  async function settle({ id, event }: StreamEntry, delivery: number, signal: AbortSignal): Promise<void> {
    if (event === undefined) {
      report.unreadable(topic, id);
    } else if (delivery > deliveriesMax) {
      await putAside(event);
    } else {
      const outcome = await handOut(event, { handler, triesMax: deliveriesMax, retryDelayMs, signal, report });
      // It stays pending, and another of the group takes it over.
      if (outcome === 'stopped') return;
      if (outcome === 'failed') await putAside(event);
    }
    unacknowledged = id;
    await acknowledge();
  }

  async function putAside(event: BusEvent): Promise<void> {
    await connection.run('bus_put_aside', (client) => client.xadd(deadStream(topic), ...toStreamFields(event)));
    report.dead(event, group);
  }

  /** On the connection for commands: the one for reading is cut when the subscription stops, a handler still at work or not. */
  async function acknowledge(): Promise<void> {
    const id = unacknowledged;
    if (id === undefined) return;
    await connection.run('bus_acknowledge', (client) => client.xack(stream, group, id));
    unacknowledged = undefined;
  }
}
