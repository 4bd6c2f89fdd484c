import { Code, ConnectError } from '@connectrpc/connect';
import type { AppError } from '@quotemaster/errors';
import { toRpcStatus } from '@quotemaster/rpc';

/** Writes an error as Connect and gRPC-Web carry it: our public sentence, with ErrorInfo, BadRequest and RetryInfo as details. */
export function toConnectError(error: AppError): ConnectError {
  const { code, message, details } = toRpcStatus(error);
  // Connect's codes are gRPC's numbers.
  const sameCode = Object.values(Code).find((known): known is Code => Number(known) === code) ?? Code.Unknown;
  const connectError = new ConnectError(message, sameCode);
  connectError.details = details.map(({ typeUrl, value }) => ({ type: typeUrl.slice(typeUrl.lastIndexOf('/') + 1), value }));
  return connectError;
}
