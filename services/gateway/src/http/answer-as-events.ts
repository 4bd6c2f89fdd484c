import type { DescMethodServerStreaming, Message } from '@bufbuild/protobuf';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { Response } from 'express';
import { beginEventStream } from './event-stream.ts';
import type { EventStream } from './event-stream.ts';
import { exchangeOf } from './exchange.ts';
import { toAnswer } from './messages.ts';
import { toProblem } from './problem.ts';

/**
 * Answers with the steps of a streaming RPC as server-sent events: the name of the step's field is the event's name.
 *
 * An error before the first step is an ordinary problem; after it, it is the event `error`, and the stream ends.
 */
export async function answerAsEvents(
  response: Response,
  method: DescMethodServerStreaming,
  steps: AsyncIterable<Message>,
  publicUrl: string,
): Promise<void> {
  const { signal } = exchangeOf(response);
  let stream: EventStream | undefined;
  try {
    for await (const step of steps) {
      stream ??= beginEventStream(response, signal);
      const { name, data } = toEvent(method, step);
      await stream.send(name, data);
    }
    (stream ?? beginEventStream(response, signal)).end();
  } catch (error) {
    if (stream === undefined) throw error;
    // Nobody is left to be told.
    if (signal.aborted) return;
    const known = error instanceof AppError ? error : new AppError(commonErrors.internal, { reason: 'a stream failed', cause: error });
    exchangeOf(response).errorCode = known.code;
    await stream.send('error', JSON.stringify(toProblem(known, response, publicUrl)));
    stream.end();
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
