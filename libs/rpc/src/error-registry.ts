import { getOption } from '@bufbuild/protobuf';
import { contractServices } from '@quotemaster/contract';
import { errors as errorsOption } from '@quotemaster/contract/common';
import { commonErrors, parseRpcStatus, rpcStatusCodes } from '@quotemaster/errors';
import type { ErrorDefinition, RpcStatus } from '@quotemaster/errors';

/** Every error that is declared: the common ones and those of each service of the contract, by code. */
const definitions: ReadonlyMap<string, ErrorDefinition> = new Map(
  [...Object.values(commonErrors), ...contractServices.flatMap((service) => getOption(service, errorsOption).map(toDefinition))].map(
    (definition): [string, ErrorDefinition] => [definition.code, definition],
  ),
);

/** Finds a declared error by its code. */
export function findErrorDefinition(code: string): ErrorDefinition | undefined {
  return definitions.get(code);
}

/**
 * Gives the error that stands for a bare gRPC status: what the road says, not what a handler said. What a caller did
 * wrong on that road (its token, its message) is a fault of this system and not of the person who asked.
 */
export function genericErrorDefinition(status: RpcStatus): ErrorDefinition {
  switch (status) {
    case 'CANCELLED':
      return commonErrors.cancelled;
    case 'DEADLINE_EXCEEDED':
      return commonErrors.deadlineExceeded;
    case 'UNAVAILABLE':
      return commonErrors.unavailable;
    case 'RESOURCE_EXHAUSTED':
      return commonErrors.overloaded;
    case 'UNIMPLEMENTED':
      return commonErrors.unimplemented;
    default:
      return commonErrors.internal;
  }
}

function toDefinition(error: { code: string; status: string; httpStatus: number; title: string; detail: string; help: string; retryable: boolean }): ErrorDefinition {
  const { code, title, detail, help, retryable, httpStatus } = error;
  const number = Object.entries(rpcStatusCodes).find(([name]) => name === error.status)?.[1] ?? rpcStatusCodes.UNKNOWN;
  return { code, status: parseRpcStatus(number), title, detail, help, retryable, ...(httpStatus === 0 ? {} : { httpStatus }) };
}
