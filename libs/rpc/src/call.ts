import type { Actor, Principal } from '@quotemaster/auth';
import type { Logger } from '@quotemaster/observe';

/** Where an outside call came from, as the gateway saw it. */
export interface ClientInfo {
  readonly address: string;
  readonly userAgent: string;
}

/** What a handler knows of the call it answers. */
export interface RpcCall {
  /** The service that calls. */
  readonly caller: string;
  readonly actor: Actor;
  readonly principal: Principal | undefined;
  /** @throws AppError `auth.unauthenticated` when the call is for nobody. */
  requirePrincipal(): Principal;
  /** When the answer must be there, in milliseconds since the epoch; Infinity for health watches alone. */
  readonly deadline: number;
  /** Milliseconds left, never negative. */
  remainingMs(): number;
  /** Fires when the caller cancels, the deadline passes or the server gives up at its stop; its reason is an AppError. */
  readonly signal: AbortSignal;
  readonly requestId: string;
  readonly idempotencyKey: string | undefined;
  /** Set by the gateway alone; whoever else sends it is not believed. */
  readonly client: ClientInfo | undefined;
  readonly logger: Logger;
  /** Marks the answer as one given before: the trailer `idempotent-replayed: true`. */
  setReplayed(): void;
}

/** What a call made while answering another takes over from it: identity, deadline, request id, cancellation. */
export type ParentCall = Pick<RpcCall, 'actor' | 'deadline' | 'signal' | 'requestId'>;

/** How a call is made that begins here. */
export interface FirstCallOptions {
  readonly parent?: never;
  readonly timeoutMs: number;
  readonly actor: Actor;
  readonly signal?: AbortSignal;
  readonly requestId?: string;
  readonly idempotencyKey?: string;
  readonly client?: ClientInfo;
  /** Called before the answer is given, for unary calls. */
  readonly onTrailer?: (trailer: { readonly replayed: boolean }) => void;
}

/**
 * How a call is made. There is no call without a deadline: it comes from `parent`, shortened by `timeoutMs`, or from
 * `timeoutMs` where a call begins here.
 */
export type CallOptions =
  | {
      readonly parent: ParentCall;
      readonly timeoutMs?: number;
      readonly idempotencyKey?: string;
    }
  | FirstCallOptions;
