import { randomUUID } from 'node:crypto';
import { Metadata } from '@grpc/grpc-js';
import type { Actor, ServiceIdentity } from '@quotemaster/auth';
import { AppError, commonErrors, isAppError } from '@quotemaster/errors';
import type { CallOptions, ClientInfo } from '../call.ts';
import { metadataKeys, writeEncoded } from '../metadata.ts';

/** A call about to be made, its options resolved. */
export interface Outgoing {
  readonly actor: Actor;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  readonly requestId: string;
  readonly idempotencyKey: string | undefined;
  readonly client: ClientInfo | undefined;
  readonly onTrailer: ((trailer: { readonly replayed: boolean }) => void) | undefined;
}

/**
 * Resolves the options of a call.
 * @throws TypeError for a call without a deadline, which the types refuse already.
 */
export function toOutgoing(options: CallOptions): Outgoing {
  const { idempotencyKey } = options;
  if (options.parent !== undefined) {
    const { parent, timeoutMs = Number.POSITIVE_INFINITY } = options;
    const { actor, requestId, signal } = parent;
    const deadline = Math.min(parent.deadline, Date.now() + requirePositive(timeoutMs));
    if (!Number.isFinite(deadline)) throw new TypeError('a call needs a deadline, and its parent has none to pass on');
    return { actor, deadline, signal, requestId, idempotencyKey, client: undefined, onTrailer: undefined };
  }
  const { timeoutMs, actor, signal, requestId = randomUUID(), client, onTrailer } = options;
  if (!Number.isFinite(timeoutMs)) throw new TypeError('a call needs a deadline: give parent or a finite timeoutMs');
  return { actor, deadline: Date.now() + requirePositive(timeoutMs), signal, requestId, idempotencyKey, client, onTrailer };
}

/** Writes who calls and what goes with the call. */
export function toMetadata(outgoing: Outgoing, identity: ServiceIdentity, callee: string): Metadata {
  const metadata = new Metadata();
  metadata.set(metadataKeys.authorization, `Bearer ${identity.tokenFor(callee, outgoing.actor)}`);
  metadata.set(metadataKeys.requestId, outgoing.requestId);
  if (outgoing.idempotencyKey !== undefined) writeEncoded(metadata, metadataKeys.idempotencyKey, outgoing.idempotencyKey);
  if (outgoing.client !== undefined) {
    writeEncoded(metadata, metadataKeys.clientAddress, outgoing.client.address);
    writeEncoded(metadata, metadataKeys.clientAgent, outgoing.client.userAgent);
  }
  return metadata;
}

/** @throws AppError when the call can't succeed any more: cancelled, or out of time. */
export function requireOpen({ signal, deadline }: Outgoing): void {
  if (signal?.aborted === true) throw abortError(signal);
  if (Date.now() >= deadline) throw new AppError(commonErrors.deadlineExceeded, { reason: 'no time was left to make the call' });
}

/** The error of a call that its own side gave up: the signal's reason where that is an AppError. */
export function abortError(signal: AbortSignal): AppError {
  const reason: unknown = signal.reason;
  return isAppError(reason) ? reason : new AppError(commonErrors.cancelled, { cause: reason });
}

function requirePositive(timeoutMs: number): number {
  if (!(timeoutMs > 0)) throw new TypeError(`timeoutMs must be positive, not ${String(timeoutMs)}`);
  return timeoutMs;
}
