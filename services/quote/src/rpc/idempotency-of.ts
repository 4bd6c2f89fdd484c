import { toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { fingerprintOf } from '@quotemaster/postgres';
import type { IdempotentOptions } from '@quotemaster/postgres';
import type { RpcCall } from '@quotemaster/rpc';

/**
 * Gives the terms of a call's idempotency key: one user's and one method's, for one payload. The binary form of a message has
 * one order of fields, so equal requests have equal fingerprints.
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
  };
}
