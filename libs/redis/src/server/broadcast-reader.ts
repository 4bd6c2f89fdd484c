import type { BusEvent } from '../face.ts';
import { handOut } from '../hand-out.ts';
import { blockMs, createReader } from './reader.ts';
import type { Reader, ReaderOptions } from './reader.ts';
import { eventStream, isBefore, parseEntries, parseStreams } from './streams.ts';

const batchMax = 64;

/** Creates the reader of a subscriber without a group: every event from its start on, once. */
export function createBroadcastReader(
  options: Pick<ReaderOptions, 'connection' | 'logger' | 'report'> & { topic: string; handler(event: BusEvent): Promise<void> },
): Reader {
  const { topic, handler, report } = options;
  const stream = eventStream(topic);
  // `$` would mean "now" anew at each read, and lose what came between two of them.
  let lastId: string | undefined;

  return createReader({
    ...options,
    name: `broadcast of ${topic}`,
    async prepare(client) {
      const newest = parseEntries(await client.xrevrange(stream, '+', '-', 'COUNT', 1))[0]?.id ?? '0-0';
      // A server that lost its data, or was replaced by one that lags, counts on from an earlier id than ours.
      if (lastId === undefined || isBefore(newest, lastId)) lastId = newest;
    },
    async step(client, signal) {
      const answer = await client.xread('COUNT', batchMax, 'BLOCK', blockMs, 'STREAMS', stream, lastId ?? '0-0');
      for (const { id, event } of parseStreams(answer)) {
        if (signal.aborted) return;
        lastId = id;
        if (event === undefined) report.unreadable(topic, id);
        else await handOut(event, { handler, triesMax: 1, retryDelayMs: 0, signal, report });
      }
    },
  });
}
