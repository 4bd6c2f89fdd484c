import type { EventEmitter } from 'node:events';
import { Metadata } from '@grpc/grpc-js';
import type {
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  UntypedHandleCall,
  sendUnaryData,
} from '@grpc/grpc-js';
import type { Message } from '@bufbuild/protobuf';
import { rpcStatusCodes, AppError } from '@quotemaster/errors';
import type { ServiceVerifier } from '@quotemaster/auth';
import type { Logger } from '@quotemaster/observe';
import { encode } from '../codec.ts';
import { toAppError, toErrorStatus } from '../error-status.ts';
import type { ErrorStatus } from '../error-status.ts';
import { metadataKeys, readEncoded } from '../metadata.ts';
import type { RpcTelemetry } from '../telemetry.ts';
import { CallerRefused, admit, readClient, readRequestId } from './admit.ts';
import { Exchange } from './exchange.ts';
import { InboundCall } from './inbound-call.ts';
import { readMessage, readMessages } from './read-messages.ts';
import type { Route } from './route.ts';

type Unary = ServerUnaryCall<Buffer, Buffer>;
type Out = ServerWritableStream<Buffer, Buffer>;
type In = ServerReadableStream<Buffer, Buffer>;
type Both = ServerDuplexStream<Buffer, Buffer>;
type GrpcCall = Pick<Unary, 'metadata' | 'getDeadline'> & EventEmitter;

const stuckStreamMs = 100;

/** What every call of one server shares. */
export interface ServerEnvironment {
  readonly verifier: ServiceVerifier;
  readonly logger: Logger;
  readonly telemetry: RpcTelemetry;
  /** The calls that are running. */
  readonly exchanges: Set<Exchange>;
}

/**
 * Gives the function with which grpc-js serves a route.
 *
 * The order is the same for every kind: authenticate the caller, check the access option, set the deadline, read and
 * validate the message, then the handler.
 */
export function serve(environment: ServerEnvironment, route: Route): UntypedHandleCall {
  switch (route.method.methodKind) {
    case 'unary':
      return (call: Unary, callback: sendUnaryData<Buffer>) => {
        const exchange = open(environment, route, call, (status) => callback(status));
        if (exchange !== undefined) void answerOnce(exchange, route, () => readMessage(route, call.request), callback);
      };
    case 'client_streaming':
      return (call: In, callback: sendUnaryData<Buffer>) => {
        const exchange = open(environment, route, call, (status) => callback(status));
        if (exchange !== undefined) void answerOnce(exchange, route, () => readMessages(exchange, route, call), callback);
      };
    case 'server_streaming':
      return (call: Out) => {
        const exchange = open(environment, route, call, (status) => call.emit('error', status));
        if (exchange !== undefined) void answerMany(exchange, route, () => readMessage(route, call.request), call);
      };
    case 'bidi_streaming':
      return (call: Both) => {
        const exchange = open(environment, route, call, (status) => call.emit('error', status));
        if (exchange !== undefined) void answerMany(exchange, route, () => readMessages(exchange, route, call), call);
      };
  }
}

function open(
  environment: ServerEnvironment,
  route: Route,
  grpcCall: GrpcCall,
  sendFailure: (status: ErrorStatus) => void,
): Exchange | undefined {
  const { verifier, logger, telemetry, exchanges } = environment;
  const { metadata } = grpcCall;
  const observed = telemetry.begin(route.method, metadata);
  const requestId = readRequestId(metadata);
  const rpc = `${route.method.parent.typeName}/${route.method.name}`;
  try {
    const { caller, actor } = admit(route.admission, verifier, metadata);
    const sentDeadline = Number(grpcCall.getDeadline());
    const deadline = Math.min(sentDeadline, Date.now() + route.timeoutMs);
    const idempotencyKey = readEncoded(metadata, metadataKeys.idempotencyKey);
    const call = new InboundCall({ caller, actor, deadline, requestId, idempotencyKey, client: readClient(metadata, caller) }, () =>
      logger.child({ requestId, rpc, caller, ...(actor.kind === 'principal' ? { userId: actor.principal.userId } : {}) }),
    );
    const expireAfterMs = deadline < sentDeadline ? route.timeoutMs : streamExpiryMs(route, deadline);
    const exchange = new Exchange({ call, observed, sendFailure, expireAfterMs, onEnd: (ended) => exchanges.delete(ended) });
    exchanges.add(exchange);
    // grpc-js emits this at the end of every call; an exchange that has ended already takes no notice.
    grpcCall.on('cancelled', () => exchange.hangUp());
    return exchange;
  } catch (error) {
    const refusal = error instanceof CallerRefused ? error : toAppError(error);
    observed.end(refusal.definition.status);
    logger.warn({ requestId, rpc, code: refusal.definition.code, reason: refusal.message }, 'a call was not admitted');
    sendFailure(refusal instanceof AppError ? toErrorStatus(refusal) : bareStatus(refusal.definition));
    return undefined;
  }
}

/**
 * A deadline that the caller sent is kept by grpc-js. Its end of a stream, however, waits behind what the reader has not
 * taken yet, for ever if that one is stuck: a little later the stream is ended here.
 */
function streamExpiryMs({ method }: Route, deadline: number): number | undefined {
  if (method.methodKind === 'unary' || !Number.isFinite(deadline)) return undefined;
  return Math.max(0, deadline - Date.now()) + stuckStreamMs;
}

async function answerOnce(
  exchange: Exchange,
  route: Route,
  readRequest: () => Message | AsyncIterable<Message>,
  callback: sendUnaryData<Buffer>,
): Promise<void> {
  try {
    const answer = await exchange.run(
      () => route.answer(readRequest() as Message & AsyncIterable<Message>, exchange.call) as Promise<object>,
    );
    const bytes = encode(route.method.output, answer);
    if (exchange.succeed()) callback(null, bytes, exchange.trailer());
  } catch (error) {
    exchange.fail(error);
  }
}

async function answerMany(
  exchange: Exchange,
  route: Route,
  readRequest: () => Message | AsyncIterable<Message>,
  stream: Out | Both,
): Promise<void> {
  try {
    await exchange.run(async () => {
      const answers = route.answer(readRequest() as Message & AsyncIterable<Message>, exchange.call) as AsyncIterable<object>;
      // Leaving the loop runs the generator's `finally`: that is how it learns that nobody listens any more.
      for await (const answer of answers) {
        if (exchange.hasEnded()) return;
        if (!stream.write(encode(route.method.output, answer))) await writable(stream, exchange.call.signal);
        if (exchange.hasEnded()) return;
      }
    });
    if (exchange.succeed()) stream.end(exchange.trailer());
  } catch (error) {
    exchange.fail(error);
  }
}

/** Settles when the stream takes more, or will never again. */
function writable(stream: Out | Both, signal: AbortSignal): Promise<void> {
  const events = ['drain', 'cancelled', 'close', 'finish'];
  return new Promise((resolve) => {
    const settle = (): void => {
      for (const event of events) stream.off(event, settle);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    for (const event of events) stream.once(event, settle);
    signal.addEventListener('abort', settle);
  });
}

function bareStatus(definition: AppError['definition']): ErrorStatus {
  return { code: rpcStatusCodes[definition.status], details: 'The calling service was refused.', metadata: new Metadata() };
}
