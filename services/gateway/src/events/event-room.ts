import { createHash } from 'node:crypto';
import { toBinary } from '@bufbuild/protobuf';
import type { DescMethodServerStreaming, Message } from '@bufbuild/protobuf';
import type { Component } from '@quotemaster/lifecycle';
import type { Metrics } from '@quotemaster/observe';
import { callMethod } from '@quotemaster/rpc';
import type { FirstCallOptions, RpcClientHandle } from '@quotemaster/rpc';
import type { Response } from 'express';
import { exchangeOf } from '../http/exchange.ts';
import { answerAsEvents } from './answer-as-events.ts';
import { createEventFeeds } from './event-feeds.ts';
import { createOpenStreams } from './open-streams.ts';
import { toServerEvents } from './server-event.ts';
import type { ServerEvent } from './server-event.ts';

/** One call of a streaming RPC, and the event after which its caller wants to go on. */
export interface StreamCall {
  readonly client: RpcClientHandle;
  readonly method: DescMethodServerStreaming;
  readonly message: Message;
  readonly options: FirstCallOptions;
  readonly afterId: number | undefined;
}

/** Answers with server-sent events. Its stop tells callers when to come back, and returns at once; what then still runs near the end of the drain is ended. */
export interface EventRoom extends Component {
  /** Answers with the events of a call: those of a stream that the same call began before, or of a new one. @throws AppError while no answer has begun. */
  answer(response: Response, call: StreamCall): Promise<void>;
}

/** Of the drain: callers of what goes on to its end get an end, not a cut. */
const drainShare = 0.9;

/**
 * Creates the room. Streams of calls with an Idempotency-Key can be taken up again, by the same caller with the same key and payload, in this
 * process; a caller without one who hangs up ends the work at once.
 */
export function createEventRoom({ publicUrl, drainMs, metrics }: { publicUrl: string; drainMs: number; metrics: Metrics }): EventRoom {
  const feeds = createEventFeeds();
  const openStreams = createOpenStreams(metrics);
  const ending = new AbortController();
  const resumed = metrics.counter('http_event_streams_resumed_total', 'Streams of events that a caller took up again.');

  function eventsOf(response: Response, { client, method, message, options, afterId }: StreamCall): AsyncIterable<ServerEvent> {
    const { signal: hangUp, path, userId } = exchangeOf(response);
    const start = (signal: AbortSignal): AsyncIterable<ServerEvent> =>
      toServerEvents(method, callMethod(client, method, message, { ...options, signal: AbortSignal.any([signal, ending.signal]) }));
    const { idempotencyKey: key } = options;
    if (key === undefined || userId === undefined) return start(hangUp);

    const name = {
      name: JSON.stringify([userId, path, key]),
      fingerprint: createHash('sha256').update(toBinary(method.input, message)).digest('base64'),
    };
    const held = feeds.resume(name, afterId, hangUp);
    if (held !== undefined) resumed.inc();
    // What is not held, or not from there, is for the service to judge: it replays its answer, or tells that the first is still running.
    return held ?? feeds.begin(name, start, hangUp) ?? start(hangUp);
  }

  return {
    name: 'event streams',
    answer: (response, call) => answerAsEvents(response, eventsOf(response, call), { openStreams, publicUrl }),
    stop() {
      openStreams.hint();
      // Whoever comes back comes to another gateway.
      feeds.giveUpUnread();
      setTimeout(() => {
        openStreams.end();
        ending.abort();
      }, drainMs * drainShare).unref();
    },
  };
}
