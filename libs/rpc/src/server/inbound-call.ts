import type { Actor, Principal } from '@quotemaster/auth';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { Logger } from '@quotemaster/observe';
import type { ClientInfo, RpcCall } from '../call.ts';

export interface InboundCallFields {
  readonly caller: string;
  readonly actor: Actor;
  readonly deadline: number;
  readonly requestId: string;
  readonly idempotencyKey: string | undefined;
  readonly client: ClientInfo | undefined;
}

/** A call as its handler sees it. Signal and logger are made when asked for: most handlers of short calls need neither. */
export class InboundCall implements RpcCall {
  readonly caller: string;
  readonly actor: Actor;
  readonly principal: Principal | undefined;
  readonly deadline: number;
  readonly requestId: string;
  readonly idempotencyKey: string | undefined;
  readonly client: ClientInfo | undefined;
  readonly #createLogger: () => Logger;
  #logger: Logger | undefined;
  #abortion: AbortController | undefined;
  #abortReason: AppError | undefined;
  #replayed = false;

  constructor(fields: InboundCallFields, createLogger: () => Logger) {
    this.caller = fields.caller;
    this.actor = fields.actor;
    this.principal = fields.actor.kind === 'principal' ? fields.actor.principal : undefined;
    this.deadline = fields.deadline;
    this.requestId = fields.requestId;
    this.idempotencyKey = fields.idempotencyKey;
    this.client = fields.client;
    this.#createLogger = createLogger;
  }

  requirePrincipal(): Principal {
    if (this.principal === undefined) throw new AppError(commonErrors.unauthenticated, { reason: 'the call is for nobody' });
    return this.principal;
  }

  remainingMs(): number {
    return Math.max(0, this.deadline - Date.now());
  }

  get signal(): AbortSignal {
    if (this.#abortion === undefined) {
      this.#abortion = new AbortController();
      if (this.#abortReason !== undefined) this.#abortion.abort(this.#abortReason);
    }
    return this.#abortion.signal;
  }

  get logger(): Logger {
    return (this.#logger ??= this.#createLogger());
  }

  setReplayed(): void {
    this.#replayed = true;
  }

  get replayed(): boolean {
    return this.#replayed;
  }

  /** Tells the handler that nobody waits for its answer any more. */
  abort(reason: AppError): void {
    this.#abortReason ??= reason;
    this.#abortion?.abort(this.#abortReason);
  }
}
