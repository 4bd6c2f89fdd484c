import { contractServices, declaredErrors } from '@quotemaster/contract';
import { commonErrors, rpcStatusCodes } from '@quotemaster/errors';
import type { ErrorDefinition, RpcStatus } from '@quotemaster/errors';

/** Every error there is, by code: those that any service can give and those that the contract declares. */
export function allErrorDefinitions(): ReadonlyMap<string, ErrorDefinition> {
  const declared = contractServices.flatMap((service) =>
    declaredErrors(service).map(({ code, status, httpStatus, title, detail, help, retryable }): ErrorDefinition => {
      if (!isRpcStatus(status)) throw new Error(`${code} has the unknown status ${status}`);
      return { code, status, title, detail, help, retryable, ...(httpStatus === 0 ? {} : { httpStatus }) };
    }),
  );
  return new Map([...Object.values(commonErrors), ...declared].map((definition) => [definition.code, definition]));
}

function isRpcStatus(name: string): name is RpcStatus {
  return name in rpcStatusCodes;
}
