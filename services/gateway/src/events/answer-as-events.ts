import { AppError, commonErrors } from '@quotemaster/errors';
import type { Response } from 'express';
import { exchangeOf } from '../http/exchange.ts';
import { toProblem } from '../http/problem.ts';
import { beginEventStream, heartbeatMs } from './event-stream.ts';
import type { EventStream } from './event-stream.ts';
import type { OpenStreams } from './open-streams.ts';
import type { ServerEvent } from './server-event.ts';

export interface AnswerOptions {
  readonly openStreams: Pick<OpenStreams, 'add'>;
  readonly publicUrl: string;
  readonly silenceMs?: number;
}

/**
 * Answers with server-sent events.
 *
 * An error before the answer has begun, with its first event or after `silenceMs` without one, is an ordinary problem; later, it
 * is the event `error`, and the stream ends.
 */
export async function answerAsEvents(
  response: Response,
  events: AsyncIterable<ServerEvent>,
  { openStreams, publicUrl, silenceMs = heartbeatMs }: AnswerOptions,
): Promise<void> {
  const { signal } = exchangeOf(response);
  let stream: EventStream | undefined;
  let lastId = 0;
  let close = (): void => undefined;
  const begin = (): EventStream => {
    if (stream === undefined) {
      stream = beginEventStream(response, signal, silenceMs);
      close = openStreams.add(stream);
    }
    return stream;
  };
  // A long wait for the first event needs heartbeats too.
  const silence = setTimeout(begin, silenceMs);
  try {
    for await (const event of events) {
      // The stop has ended it: nobody is told the rest.
      if (response.writableEnded) return;
      lastId = event.id;
      await begin().send(event);
    }
    begin().end();
  } catch (error) {
    if (stream === undefined) throw error;
    // Nobody is left to be told.
    if (signal.aborted || response.writableEnded) return;
    const known = error instanceof AppError ? error : new AppError(commonErrors.internal, { reason: 'a stream failed', cause: error });
    exchangeOf(response).errorCode = known.code;
    await begin().send({ id: lastId + 1, name: 'error', data: JSON.stringify(toProblem(known, response, publicUrl)) });
    begin().end();
  } finally {
    clearTimeout(silence);
    close();
  }
}
