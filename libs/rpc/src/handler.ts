import type {
  DescMessage,
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  Message,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { RpcCall } from './call.ts';

/** One RPC and the function that answers it. Made by handleRpc. */
export interface RpcHandler {
  readonly method: DescMethod;
  /** A message or a stream of them in; a promise of a message or a stream of them out, as the method's kind says. */
  readonly answer: (request: Message & AsyncIterable<Message>, call: RpcCall) => Promise<object> | AsyncIterable<object>;
}

/**
 * Registers the function that answers an RPC.
 *
 * Requests arrive checked: the caller may call, the actor may act, and every buf.validate rule holds. A stream out is an
 * async generator; it is slowed down to the reader's pace, and its `finally` runs when the caller goes away.
 * Throw AppError; anything else reaches the caller as `common.internal`.
 */
export function handleRpc<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  answer: (request: MessageShape<I>, call: RpcCall) => Promise<MessageInitShape<O>>,
): RpcHandler;
export function handleRpc<I extends DescMessage, O extends DescMessage>(
  method: DescMethodServerStreaming<I, O>,
  answer: (request: MessageShape<I>, call: RpcCall) => AsyncIterable<MessageInitShape<O>>,
): RpcHandler;
export function handleRpc<I extends DescMessage, O extends DescMessage>(
  method: DescMethodClientStreaming<I, O>,
  answer: (requests: AsyncIterable<MessageShape<I>>, call: RpcCall) => Promise<MessageInitShape<O>>,
): RpcHandler;
export function handleRpc<I extends DescMessage, O extends DescMessage>(
  method: DescMethodBiDiStreaming<I, O>,
  answer: (requests: AsyncIterable<MessageShape<I>>, call: RpcCall) => AsyncIterable<MessageInitShape<O>>,
): RpcHandler;
export function handleRpc(
  method: DescMethod,
  answer: (request: never, call: RpcCall) => Promise<object> | AsyncIterable<object>,
): RpcHandler {
  // The overloads above tie request and answer to the method; from here on only its kind tells them apart.
  return { method, answer: answer as RpcHandler['answer'] };
}
