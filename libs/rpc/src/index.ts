export type { CallOptions, ClientInfo, FirstCallOptions, ParentCall, RpcCall } from './call.ts';
export { callMethod, createRpcClient } from './client/client.ts';
export type { RpcClient, RpcClientHandle, RpcClientOptions } from './client/client.ts';
export { toAppError, toRpcStatus } from './error-status.ts';
export { handleRpc } from './handler.ts';
export type { RpcHandler } from './handler.ts';
export { requireOwnData } from './server/require-own-data.ts';
export { createRpcServer } from './server/server.ts';
export type { RpcServer, RpcServerOptions } from './server/server.ts';
