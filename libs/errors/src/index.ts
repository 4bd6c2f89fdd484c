export { AppError, isAppError } from './app-error.ts';
export type { AppErrorOptions, ErrorDefinition, FieldFault } from './app-error.ts';
export { commonErrors } from './common-errors.ts';
export { parseRpcStatus, rpcStatusCodes, toHttpStatus } from './status.ts';
export type { RpcStatus } from './status.ts';
