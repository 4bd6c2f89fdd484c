import { Metadata } from '@grpc/grpc-js';
import { context } from '@opentelemetry/api';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { ErrorDefinition } from '@quotemaster/errors';
import { toAppError, toErrorStatus } from '../error-status.ts';
import type { ErrorStatus } from '../error-status.ts';
import { metadataKeys } from '../metadata.ts';
import type { ObservedCall } from '../telemetry.ts';
import type { InboundCall } from './inbound-call.ts';

export interface ExchangeOptions {
  readonly call: InboundCall;
  readonly observed: ObservedCall;
  readonly sendFailure: (status: ErrorStatus) => void;
  readonly onEnd: (exchange: Exchange) => void;
  /** Ends the exchange itself after so long, where the caller's own deadline doesn't do it earlier. */
  readonly expireAfterMs: number | undefined;
}

/**
 * One call from its admission to its end. It ends exactly once: by success, by failure, by the caller's going away or by
 * the server's; whatever the handler does afterwards reaches nobody.
 */
export class Exchange {
  readonly call: InboundCall;
  readonly #options: ExchangeOptions;
  readonly #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(options: ExchangeOptions) {
    this.call = options.call;
    this.#options = options;
    if (options.expireAfterMs !== undefined) {
      this.#timer = setTimeout(
        () => this.abandon(commonErrors.deadlineExceeded, 'the time that the contract allows is over'),
        options.expireAfterMs,
      );
    }
  }

  hasEnded(): boolean {
    return this.#ended;
  }

  /** @throws AppError when the call has ended. */
  requireOpen(): void {
    if (this.#ended) throw new AppError(commonErrors.cancelled, { reason: 'the call ended before its requests did' });
  }

  /** Runs a handler with the call's span as the active one. */
  run<T>(work: () => T): T {
    return context.with(this.#options.observed.context, work);
  }

  /** Ends well. False when the call has ended already and there is nobody left to answer. */
  succeed(): boolean {
    return this.#end('OK');
  }

  /** The trailer of a successful answer. */
  trailer(): Metadata {
    const metadata = new Metadata();
    if (this.call.replayed) metadata.set(metadataKeys.replayed, 'true');
    return metadata;
  }

  /** Ends with what a handler threw. */
  fail(thrown: unknown): void {
    const error = toAppError(thrown);
    if (!this.#end(error.status)) return;
    if (error.status === 'INTERNAL' || error.status === 'UNKNOWN') {
      this.call.logger.error({ code: error.code, err: error.cause ?? error }, 'an RPC failed');
    } else {
      this.call.logger.debug({ code: error.code, reason: error.message }, 'an RPC was refused');
    }
    this.#options.sendFailure(toErrorStatus(error));
  }

  /** The caller went away, or its deadline passed and grpc-js has told it so. */
  hangUp(): void {
    if (this.#ended) return;
    // Timers may fire a moment early.
    const definition = this.call.remainingMs() <= 2 ? commonErrors.deadlineExceeded : commonErrors.cancelled;
    this.#end(definition.status);
    this.call.abort(new AppError(definition, { reason: 'the caller waits no longer' }));
  }

  /** The server gives up: the handler's signal fires and the caller gets `definition`. */
  abandon(definition: ErrorDefinition, reason: string): void {
    if (this.#ended) return;
    const error = new AppError(definition, { reason });
    this.call.abort(error);
    this.fail(error);
  }

  #end(outcome: Parameters<ObservedCall['end']>[0]): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#options.observed.end(outcome);
    this.#options.onEnd(this);
    return true;
  }
}
