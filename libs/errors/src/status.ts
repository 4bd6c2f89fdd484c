/** The gRPC status codes by name. @see https://grpc.io/docs/guides/status-codes/ */
export const rpcStatusCodes = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** A gRPC status other than OK, by name. */
export type RpcStatus = keyof typeof rpcStatusCodes;

const httpStatuses: Record<RpcStatus, number> = {
  CANCELLED: 499,
  UNKNOWN: 500,
  INVALID_ARGUMENT: 400,
  DEADLINE_EXCEEDED: 504,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  PERMISSION_DENIED: 403,
  RESOURCE_EXHAUSTED: 429,
  FAILED_PRECONDITION: 400,
  ABORTED: 409,
  OUT_OF_RANGE: 400,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DATA_LOSS: 500,
  UNAUTHENTICATED: 401,
};

/** Gives the HTTP status that a gRPC status usually has. @see https://google.aip.dev/193 */
export function toHttpStatus(status: RpcStatus): number {
  return httpStatuses[status];
}

/** Reads a numeric gRPC status; OK and unknown numbers are UNKNOWN. */
export function parseRpcStatus(code: number): RpcStatus {
  for (const [name, value] of Object.entries(rpcStatusCodes)) {
    if (value === code) return name as RpcStatus;
  }
  return 'UNKNOWN';
}
