import { toHttpStatus } from './status.ts';
import type { RpcStatus } from './status.ts';

/** One stable error as a service declares it in its proto, or as `commonErrors` does. */
export interface ErrorDefinition {
  /** The stable name, `quote.not_found`. */
  readonly code: string;
  readonly status: RpcStatus;
  /** The HTTP status, where it isn't the usual one for `status`. */
  readonly httpStatus?: number;
  /** A short title, the same for every occurrence. */
  readonly title: string;
  /** The public sentence, where the place of the error gives none. */
  readonly detail: string;
  /** What a caller can do about it. */
  readonly help: string;
  /** The same call may succeed later. */
  readonly retryable: boolean;
}

/** What is wrong with one field of a request; `field` is a path such as `tags[0]`. */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

export interface AppErrorOptions {
  /** The public sentence for this occurrence. It reaches the caller. */
  detail?: string;
  /** The private sentence. It reaches logs only. */
  reason?: string;
  fields?: readonly FieldFault[];
  retryAfterMs?: number;
  /** Public facts for machines; they travel in ErrorInfo. */
  metadata?: Readonly<Record<string, string>>;
  cause?: unknown;
}

/**
 * The one error that crosses a boundary of ours: a stable code, a public sentence and a private one.
 *
 * `message` is the private sentence, for logs; `detail` alone may be shown to a caller.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly definition: ErrorDefinition;
  readonly detail: string;
  readonly fields: readonly FieldFault[];
  readonly retryAfterMs: number | undefined;
  readonly metadata: Readonly<Record<string, string>>;

  constructor(definition: ErrorDefinition, options: AppErrorOptions = {}) {
    super(options.reason ?? options.detail ?? definition.detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.definition = definition;
    this.detail = options.detail ?? definition.detail;
    this.fields = options.fields ?? [];
    this.retryAfterMs = options.retryAfterMs;
    this.metadata = options.metadata ?? {};
  }

  get code(): string {
    return this.definition.code;
  }

  get status(): RpcStatus {
    return this.definition.status;
  }

  get httpStatus(): number {
    return this.definition.httpStatus ?? toHttpStatus(this.definition.status);
  }
}

/** Tells whether `error` is an AppError, of `definition` where one is given. */
export function isAppError(error: unknown, definition?: ErrorDefinition): error is AppError {
  return error instanceof AppError && (definition === undefined || error.code === definition.code);
}
