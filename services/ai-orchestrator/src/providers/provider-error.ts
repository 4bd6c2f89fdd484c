import type { ProviderFailure } from '../domain/outcome.ts';

/** A failed call of a provider. The message is for logs: it may hold the provider's words, and never reaches a user. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly kind: ProviderFailure;
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** How long the provider asks to be left alone, where it says. */
  readonly retryAfterMs: number | undefined;
  /** The request was longer than the model can read. */
  readonly tooLong: boolean;

  constructor(
    kind: ProviderFailure,
    message: string,
    options: {
      status?: number | undefined;
      retryAfterMs?: number | undefined;
      tooLong?: boolean;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.tooLong = options.tooLong ?? false;
  }
}
