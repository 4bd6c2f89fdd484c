import type { EventEmitter } from 'node:events';
import type { Client, ClientWritableStream, ServiceError, StatusObject } from '@grpc/grpc-js';
import type { DescMessage, DescMethod, Message } from '@bufbuild/protobuf';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { CallOptions } from '../call.ts';
import { asIs, encode, methodPath } from '../codec.ts';
import { beginAttempt, readAnswer } from './attempt.ts';
import type { Attempt, Caller, Failure } from './attempt.ts';
import { toOutgoing } from './outgoing.ts';
import { emptyAnswer } from './unary.ts';

type Writable = Pick<ClientWritableStream<Buffer>, 'write' | 'end' | 'cancel' | 'on' | 'off' | 'once'>;
type Readable = AsyncIterable<Buffer> & EventEmitter & { cancel(): void };

/** Calls with one message out and a stream back. The call begins with the first `next` and ends with the loop. */
export async function* callServerStream(
  client: Client,
  caller: Caller,
  method: DescMethod,
  request: object,
  options: CallOptions,
): AsyncGenerator<Message> {
  const outgoing = toOutgoing(options);
  const attempt = beginAttempt(caller, method, outgoing);
  const bytes = encode(method.input, request);
  const call = client.makeServerStreamRequest<Buffer, Buffer>(methodPath(method), asIs, asIs, bytes, attempt.metadata, {
    deadline: outgoing.deadline,
  });
  yield* receive(method, caller, call, attempt);
}

/** Calls with a stream out and one message back. When `requests` throws, the call is cancelled and throws the same. */
export function callClientStream(
  client: Client,
  caller: Caller,
  method: DescMethod,
  requests: AsyncIterable<object>,
  options: CallOptions,
): Promise<Message> {
  return new Promise((resolve, reject) => {
    const outgoing = toOutgoing(options);
    const attempt = beginAttempt(caller, method, outgoing);
    let answer: Buffer | undefined;
    const call = client.makeClientStreamRequest<Buffer, Buffer>(
      methodPath(method),
      asIs,
      asIs,
      attempt.metadata,
      { deadline: outgoing.deadline },
      (_error: ServiceError | null, value?: Buffer) => {
        answer = value;
      },
    );
    attempt.watch(call);
    const sending = send(method.input, requests, call);
    call.on('error', ignore);
    call.on('status', (status: StatusObject) => {
      sending.stop();
      const outcome = attempt.end(status) ?? answer ?? emptyAnswer(caller.callee);
      const fault = sending.fault();
      if (fault !== undefined) reject(fault);
      else if (Buffer.isBuffer(outcome)) resolve(readAnswer(method, outcome, caller.callee));
      else reject(outcome.error);
    });
  });
}

/** Calls with streams in both directions. The call begins with the first `next` and ends with the loop. */
export async function* callBidiStream(
  client: Client,
  caller: Caller,
  method: DescMethod,
  requests: AsyncIterable<object>,
  options: CallOptions,
): AsyncGenerator<Message> {
  const outgoing = toOutgoing(options);
  const attempt = beginAttempt(caller, method, outgoing);
  const call = client.makeBidiStreamRequest<Buffer, Buffer>(methodPath(method), asIs, asIs, attempt.metadata, {
    deadline: outgoing.deadline,
  });
  const sending = send(method.input, requests, call);
  try {
    yield* receive(method, caller, call, attempt);
  } catch (error) {
    throw sending.fault() ?? error;
  } finally {
    sending.stop();
  }
}

async function* receive(method: DescMethod, { callee }: Caller, call: Readable, attempt: Attempt): AsyncGenerator<Message> {
  let failure: Failure | undefined;
  attempt.watch(call);
  // grpc-js emits errors even after the reader has left; unheard, they would end the process.
  call.on('error', ignore);
  call.on('status', (status: StatusObject) => {
    failure = attempt.end(status);
  });
  try {
    for await (const bytes of call) yield readAnswer(method, bytes, callee);
  } catch (error) {
    throw (
      failure?.error ??
      (error instanceof AppError
        ? error
        : new AppError(commonErrors.unavailable, { reason: `the stream from ${callee} broke`, cause: error }))
    );
  } finally {
    call.cancel();
  }
}

interface Sending {
  stop(): void;
  /** What `requests` threw. */
  fault(): Error | undefined;
}

/** Sends a stream at the pace at which the callee takes it. Leaving the loop runs the `finally` of a generator. */
function send(schema: DescMessage, requests: AsyncIterable<object>, call: Writable): Sending {
  let fault: Error | undefined;
  let ended = false;
  const isOver = (): boolean => ended;
  let wake = ignore;
  const over = (): void => {
    ended = true;
    wake();
  };
  const pump = async (): Promise<void> => {
    for await (const request of requests) {
      if (isOver()) return;
      if (!call.write(encode(schema, request))) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          call.once('drain', resolve);
        });
      }
      if (isOver()) return;
    }
    call.end();
  };
  pump().catch((error: unknown) => {
    fault = error instanceof Error ? error : new Error('the stream of requests threw something that is no Error', { cause: error });
    call.cancel();
  });
  return { stop: over, fault: () => fault };
}

function ignore(): void {
  // Nothing is lost here: the status event that follows tells the same.
}
