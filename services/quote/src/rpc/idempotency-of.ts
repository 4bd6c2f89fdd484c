import { toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { fingerprintOf } from '@quotemaster/postgres';
import type { IdempotentOptions } from '@quotemaster/postgres';
import type { RpcCall } from '@quotemaster/rpc';

/** How long past the call's deadline its claim still holds: a commit may be under way. */
const leaseGraceMs = 5_000;

/**
 * Gives the terms of a call's idempotency key: one user's and one method's, for one payload. The binary form of a message has
 * one order of fields, so equal requests have equal fingerprints.
 *
 * The lease outlives the call: a claim is taken over from the dead alone.
 */
export function idempotencyOf<T extends DescMessage>(
  call: RpcCall,
  method: string,
  schema: T,
  request: MessageShape<T>,
): Omit<IdempotentOptions, 'clock'> {
  return {
    scope: call.requirePrincipal().userId,
    method,
    key: call.idempotencyKey,
    fingerprint: fingerprintOf(toBinary(schema, request, { writeUnknownFields: false })),
    leaseMs: call.remainingMs() + leaseGraceMs,
  };
}
