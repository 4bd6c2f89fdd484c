import type { DescMethodServerStreaming, Message } from '@bufbuild/protobuf';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { Response } from 'express';
import { beginEventStream, heartbeatMs } from './event-stream.ts';
import type { EventStream } from './event-stream.ts';
import { exchangeOf } from './exchange.ts';
import { toAnswer } from './messages.ts';
import { toProblem } from './problem.ts';

/**
 * Answers with the steps of a streaming RPC as server-sent events: the name of the step's field is the event's name.
 *
 * An error before the answer has begun, with its first step or after `silenceMs` without one, is an ordinary problem; later, it
 * is the event `error`, and the stream ends.
 */
export async function answerAsEvents(
  response: Response,
  method: DescMethodServerStreaming,
  steps: AsyncIterable<Message>,
  publicUrl: string,
  silenceMs = heartbeatMs,
): Promise<void> {
  const { signal } = exchangeOf(response);
  let stream: EventStream | undefined;
  const begin = (): EventStream => (stream ??= beginEventStream(response, signal, silenceMs));
  // A long wait for the first step needs heartbeats too.
  const silence = setTimeout(begin, silenceMs);
  try {
    for await (const step of steps) {
      const { name, data } = toEvent(method, step);
      await begin().send(name, data);
    }
    begin().end();
  } catch (error) {
    if (stream === undefined) throw error;
    // Nobody is left to be told.
    if (signal.aborted) return;
    const known = error instanceof AppError ? error : new AppError(commonErrors.internal, { reason: 'a stream failed', cause: error });
    exchangeOf(response).errorCode = known.code;
    await begin().send('error', JSON.stringify(toProblem(known, response, publicUrl)));
    begin().end();
  } finally {
    clearTimeout(silence);
  }
}

function toEvent(method: DescMethodServerStreaming, step: Message): { name: string; data: string } {
  const [oneof] = method.output.oneofs;
  const chosen =
    oneof === undefined ? undefined : (step as unknown as Record<string, { case?: string; value?: unknown } | undefined>)[oneof.localName];
  const field = oneof?.fields.find((candidate) => candidate.localName === chosen?.case);
  if (field?.message === undefined) throw new AppError(commonErrors.internal, { reason: `${method.output.typeName} names no event` });
  return { name: field.name, data: JSON.stringify(toAnswer(field.message, chosen?.value as Message)) };
}
