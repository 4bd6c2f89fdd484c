import { contractServices, declaredErrors } from '@quotemaster/contract';
import type { ErrorCode } from '@quotemaster/contract/common';
import { commonErrors, parseRpcStatus, rpcStatusCodes } from '@quotemaster/errors';
import type { ErrorDefinition, RpcStatus } from '@quotemaster/errors';

/** Every error that is declared: the common ones and those of each service of the contract, by code. */
const definitions: ReadonlyMap<string, ErrorDefinition> = new Map(
  [...Object.values(commonErrors), ...contractServices.flatMap(declaredErrors).map(toDefinition)].map(
    (definition): [string, ErrorDefinition] => [definition.code, definition],
  ),
);

/** Finds a declared error by its code. */
export function findErrorDefinition(code: string): ErrorDefinition | undefined {
  return definitions.get(code);
}

/** What a bare gRPC status stands for; any other is a fault of this system. */
const roadErrors: Partial<Record<RpcStatus, ErrorDefinition>> = {
  CANCELLED: commonErrors.cancelled,
  DEADLINE_EXCEEDED: commonErrors.deadlineExceeded,
  UNAVAILABLE: commonErrors.unavailable,
  RESOURCE_EXHAUSTED: commonErrors.overloaded,
  UNIMPLEMENTED: commonErrors.unimplemented,
};

/**
 * Gives the error for a gRPC status that came without a code of ours: what the road says, not what a handler said. What a
 * caller did wrong on that road (its token, its message) is no fault of the person who asked, so that it is internal.
 */
export function genericErrorDefinition(status: RpcStatus): ErrorDefinition {
  return roadErrors[status] ?? commonErrors.internal;
}

function toDefinition({ code, status, title, detail, help, retryable, httpStatus }: ErrorCode): ErrorDefinition {
  const number = Object.entries(rpcStatusCodes).find(([name]) => name === status)?.[1] ?? rpcStatusCodes.UNKNOWN;
  return { code, status: parseRpcStatus(number), title, detail, help, retryable, ...(httpStatus === 0 ? {} : { httpStatus }) };
}
