import type { DescMethodServerStreaming, Message } from '@bufbuild/protobuf';
import { AppError, commonErrors } from '@quotemaster/errors';
import { toAnswer } from '../http/messages.ts';

/** One event of a stream, before it is written. */
export interface ServerEvent {
  /** Counts from 1 within a stream. */
  readonly id: number;
  readonly name: string;
  /** JSON on one line. */
  readonly data: string;
}

/** Makes the event of one step of a streaming RPC: the name of the step's field is the event's name. */
export function toServerEvent(method: DescMethodServerStreaming, step: Message, id: number): ServerEvent {
  const [oneof] = method.output.oneofs;
  const chosen =
    oneof === undefined ? undefined : (step as unknown as Record<string, { case?: string; value?: unknown } | undefined>)[oneof.localName];
  const field = oneof?.fields.find((candidate) => candidate.localName === chosen?.case);
  if (field?.message === undefined) throw new AppError(commonErrors.internal, { reason: `${method.output.typeName} names no event` });
  return { id, name: field.name, data: JSON.stringify(toAnswer(field.message, chosen?.value as Message)) };
}

/** Makes the events of a streaming RPC, as they come. */
export async function* toServerEvents(method: DescMethodServerStreaming, steps: AsyncIterable<Message>): AsyncGenerator<ServerEvent> {
  let id = 0;
  for await (const step of steps) yield toServerEvent(method, step, (id += 1));
}
