import { Client } from '@grpc/grpc-js';
import type {
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  Message,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { ServiceIdentity } from '@quotemaster/auth';
import type { Metrics } from '@quotemaster/observe';
import type { CallOptions } from '../call.ts';
import { createRpcTelemetry } from '../telemetry.ts';
import { channelOptions } from './channel-options.ts';
import { channelSecurity } from './channel-security.ts';
import { callBidiStream, callClientStream, callServerStream } from './streams.ts';
import { callUnary } from './unary.ts';

export interface RpcClientOptions {
  /** "dns:///quote:50052", or "127.0.0.1:50052". */
  readonly address: string;
  /** The name of the service called: the audience of its tokens. */
  readonly callee: string;
  readonly identity: ServiceIdentity;
  readonly metrics?: Metrics;
}

type MethodCall<M> =
  M extends DescMethodUnary<infer I, infer O>
    ? (request: MessageInitShape<I>, options: CallOptions) => Promise<MessageShape<O>>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (request: MessageInitShape<I>, options: CallOptions) => AsyncIterable<MessageShape<O>>
      : M extends DescMethodClientStreaming<infer I, infer O>
        ? (requests: AsyncIterable<MessageInitShape<I>>, options: CallOptions) => Promise<MessageShape<O>>
        : M extends DescMethodBiDiStreaming<infer I, infer O>
          ? (requests: AsyncIterable<MessageInitShape<I>>, options: CallOptions) => AsyncIterable<MessageShape<O>>
          : never;

/** One function an RPC, under its lowerCamelCase name. Each throws AppError alone, and none can be called without a deadline. */
export type RpcClient<S extends DescService> = { readonly [K in keyof S['method']]: MethodCall<S['method'][K]> };

const invoke = Symbol('invoke');

/** What every client has, whatever its service. */
export interface RpcClientHandle {
  /** Closes the channel; calls that run are cancelled by the end of their connection. */
  close(): void;
  readonly [invoke]: (method: DescMethod, request: object, options: CallOptions) => Promise<Message> | AsyncIterable<Message>;
}

/**
 * Creates a client of one service.
 *
 * Connections are made when first needed, balanced round robin over all addresses of the name, and shared between the
 * clients of one process that call the same address.
 */
export function createRpcClient<S extends DescService>(service: S, options: RpcClientOptions): RpcClient<S> & RpcClientHandle {
  const { address, callee, identity, metrics } = options;
  const { credentials, options: tlsOptions } = channelSecurity(identity, callee);
  const client = new Client(address, credentials, { ...channelOptions, ...tlsOptions });
  const caller = { callee, identity, telemetry: createRpcTelemetry('client', metrics) };

  const call: RpcClientHandle[typeof invoke] = (method, request, callOptions) => {
    switch (method.methodKind) {
      case 'unary':
        return callUnary(client, caller, method, request, callOptions);
      case 'server_streaming':
        return callServerStream(client, caller, method, request, callOptions);
      case 'client_streaming':
        return callClientStream(client, caller, method, request as AsyncIterable<object>, callOptions);
      case 'bidi_streaming':
        return callBidiStream(client, caller, method, request as AsyncIterable<object>, callOptions);
    }
  };
  const methods = Object.fromEntries(
    service.methods.map((method) => [method.localName, (request: object, callOptions: CallOptions) => call(method, request, callOptions)]),
  );
  // The descriptor gives the names and the kinds; the type above says the same of both.
  return { ...methods, close: () => client.close(), [invoke]: call } as unknown as RpcClient<S> & RpcClientHandle;
}

/**
 * Calls an RPC known only by its descriptor, as the gateway does. `request` is a message of the method's input.
 * Narrow on `method.methodKind` first.
 */
export function callMethod(client: RpcClientHandle, method: DescMethodUnary, request: Message, options: CallOptions): Promise<Message>;
export function callMethod(
  client: RpcClientHandle,
  method: DescMethodServerStreaming,
  request: Message,
  options: CallOptions,
): AsyncIterable<Message>;
export function callMethod(
  client: RpcClientHandle,
  method: DescMethod,
  request: Message,
  options: CallOptions,
): Promise<Message> | AsyncIterable<Message> {
  return client[invoke](method, request, options);
}
