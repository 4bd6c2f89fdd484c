import type { DescService } from '@bufbuild/protobuf';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { RpcHandler } from '../src/index.ts';

/** Adds to the handlers of a service one for each RPC that a test does not need: a server takes whole services only. */
export function withStandIns(service: DescService, handlers: readonly RpcHandler[]): RpcHandler[] {
  const rest = service.methods.filter((method) => !handlers.some((handler) => handler.method === method));
  return [
    ...handlers,
    ...rest.map((method): RpcHandler => ({ method, answer: () => Promise.reject(new AppError(commonErrors.unimplemented)) })),
  ];
}
