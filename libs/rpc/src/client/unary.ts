import { setTimeout as pause } from 'node:timers/promises';
import type { Client, ServiceError, StatusObject } from '@grpc/grpc-js';
import type { DescMethod, Message } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { CallOptions } from '../call.ts';
import { asIs, encode, methodPath } from '../codec.ts';
import { beginAttempt, readAnswer } from './attempt.ts';
import type { Caller, Failure } from './attempt.ts';
import { toOutgoing } from './outgoing.ts';
import type { Outgoing } from './outgoing.ts';

/** The one retry waits this long, give or take a half: a callee that is just being replaced may be back. */
const retryPauseMs = 50;

/**
 * Makes a unary call.
 *
 * A callee that could not be reached is tried once more when the RPC's idempotency_level allows it and the deadline leaves
 * room. It is the only retry in the system below a policy of a client's own.
 * @throws AppError
 */
export async function callUnary(
  client: Client,
  caller: Caller,
  method: DescMethod,
  request: object,
  options: CallOptions,
): Promise<Message> {
  const outgoing = toOutgoing(options);
  const bytes = encode(method.input, request);
  let outcome = await callOnce(client, caller, method, bytes, outgoing);
  if (!Buffer.isBuffer(outcome) && outcome.isRoadFault && isRepeatable(method)) {
    const pauseMs = retryPauseMs * (0.5 + Math.random());
    if (Date.now() + pauseMs < outgoing.deadline) {
      await pause(pauseMs);
      outcome = await callOnce(client, caller, method, bytes, outgoing);
    }
  }
  if (!Buffer.isBuffer(outcome)) throw outcome.error;
  return readAnswer(method, outcome, caller.callee);
}

function callOnce(client: Client, caller: Caller, method: DescMethod, bytes: Buffer, outgoing: Outgoing): Promise<Buffer | Failure> {
  const attempt = beginAttempt(caller, method, outgoing);
  return new Promise((resolve) => {
    let answer: Buffer | undefined;
    const call = client.makeUnaryRequest(
      methodPath(method),
      asIs,
      asIs,
      bytes,
      attempt.metadata,
      { deadline: outgoing.deadline },
      (_error: ServiceError | null, value?: Buffer) => {
        answer = value;
      },
    );
    attempt.watch(call);
    // grpc-js gives the status right after it called back, and the trailers with it.
    call.on('status', (status: StatusObject) => resolve(attempt.end(status) ?? answer ?? emptyAnswer(caller.callee)));
  });
}

/** An OK without a message, which only a foreign server could send. */
export function emptyAnswer(callee: string): Failure {
  return { error: new AppError(commonErrors.internal, { reason: `${callee} answered OK without a message` }), isRoadFault: false };
}

function isRepeatable({ idempotency }: DescMethod): boolean {
  return idempotency === IdempotencyLevel.NO_SIDE_EFFECTS || idempotency === IdempotencyLevel.IDEMPOTENT;
}
