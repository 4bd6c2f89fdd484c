import type { IdempotencyClaim } from '@quotemaster/postgres';
import type { RpcCall } from '@quotemaster/rpc';

/** How long past the call's deadline its claim still holds: a commit may be under way. */
const leaseGraceMs = 5_000;

/** Gives the claim of a call's idempotency key. Its lease outlives the call: a claim is taken over only from the dead. */
export function idempotencyOf(call: RpcCall, userId: string, method: string, fingerprint: string): IdempotencyClaim {
  return { scope: userId, method, key: call.idempotencyKey, fingerprint, leaseMs: call.remainingMs() + leaseGraceMs };
}
