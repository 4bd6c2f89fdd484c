import { AppError, commonErrors, isAppError } from '@quotemaster/errors';
import {
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  TimeoutStrategy,
  bulkhead,
  circuitBreaker,
  fullJitterGenerator,
  handleWhen,
  isBrokenCircuitError,
  isBulkheadRejectedError,
  isTaskCancelledError,
  retry,
  timeout,
  wrap,
} from 'cockatiel';
import type { CircuitBreakerPolicy, IPolicy } from 'cockatiel';

import { observePolicy } from './policy-metrics.ts';
import type { PolicyMetrics } from './policy-metrics.ts';

export interface PolicyOptions {
  /** Names the dependency, in metrics and in private sentences. */
  readonly name: string;
  /** Bounds the whole call: waiting for a slot, all attempts and the pauses between them. */
  readonly timeoutMs: number;
  /** For work that may be done twice only. */
  readonly retry?: RetryOptions;
  readonly bulkhead?: { readonly maxInFlight: number; readonly maxQueued: number };
  /** Opens after `failures` transient failures in a row, and tries one call after `openMs`. */
  readonly breaker?: { readonly failures: number; readonly openMs: number };
  /** Tells failures that time may heal. Default: AppErrors that are retryable, and every other error. */
  readonly isTransient?: (error: unknown) => boolean;
  readonly metrics?: PolicyMetrics;
}

interface RetryOptions {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** A pause is random between nothing and this, doubled with each attempt (full jitter). Default 100 ms. */
  readonly baseDelayMs?: number;
  /** Default 2,000 ms. */
  readonly maxDelayMs?: number;
  /** Bounds one attempt, so that a slow one leaves time for another. Default: the whole call's time. */
  readonly attemptTimeoutMs?: number;
}

/** How one dependency is called. */
export interface CallPolicy {
  /**
   * Runs `fn` under the policy.
   *
   * The signal it gets fires when the caller, the deadline or the attempt's time ends it, and once it has returned: so what
   * it gives must be complete, not a stream.
   * @throws AppError `common.deadline_exceeded`, `common.cancelled`, `common.overloaded` (no slot free) or
   * `common.unavailable` (circuit open). What `fn` throws is thrown as it is.
   */
  execute<T>(fn: (context: { readonly signal: AbortSignal }) => Promise<T> | T, signal?: AbortSignal): Promise<T>;
}

/**
 * Creates the policy for calls to one dependency, in the one order allowed: deadline, bulkhead, retry, breaker, attempt.
 *
 * The deadline is outermost, so that neither a queue nor retries make a call longer than it says. The bulkhead counts a call
 * once however often it is tried, so retries can't multiply the load. The breaker judges each attempt, so retries end as soon
 * as it opens. A call that its caller gave up counts neither as success nor as failure.
 */
export function createPolicy(options: PolicyOptions): CallPolicy {
  const { name, timeoutMs, breaker, isTransient = isTransientByDefault } = options;
  const observed = observePolicy(name, options.metrics);
  const attemptTimeout = timeout(options.retry?.attemptTimeoutMs ?? timeoutMs, TimeoutStrategy.Aggressive);
  const mayHeal = (error: unknown): boolean => !(error instanceof CallEnded) && !isBrokenCircuitError(error) && isTransient(error);

  const layers: IPolicy[] = [timeout(timeoutMs, TimeoutStrategy.Aggressive)];
  if (options.bulkhead !== undefined) layers.push(bulkhead(options.bulkhead.maxInFlight, options.bulkhead.maxQueued));
  if (options.retry !== undefined) {
    const { attempts, baseDelayMs = 100, maxDelayMs = 2_000 } = options.retry;
    const backoff = new ExponentialBackoff({ generator: fullJitterGenerator, initialDelay: baseDelayMs, maxDelay: maxDelayMs });
    const retries = retry(handleWhen(mayHeal), { maxAttempts: attempts - 1, backoff });
    retries.onRetry(observed.retried);
    layers.push(retries);
  }
  if (breaker !== undefined) {
    const circuit = createCircuit(breaker, mayHeal);
    circuit.onStateChange(observed.circuitChanged);
    layers.push(circuit);
  }
  const policy = wrap(...layers);

  return {
    async execute(fn, signal) {
      const finished = observed.started();
      try {
        signal?.throwIfAborted();
        const result = await policy.execute(async (call) => {
          try {
            // A pause or a place in the queue may have outlived the call.
            if (call.signal.aborted) throw new CallEnded();
            return await attemptTimeout.execute(fn, call.signal);
          } catch (error) {
            throw signal?.aborted === true ? new CallEnded() : error;
          }
        }, signal);
        finished('success');
        return result;
      } catch (error) {
        const failure = signal?.aborted === true ? gaveUp(signal, name) : explain(error, options);
        finished(isAppError(failure) ? failure.code : 'failure');
        throw failure;
      }
    },
  };
}

/** An attempt that nobody waits for any more: not the dependency's fault, whatever came of it. */
class CallEnded extends Error {}

function createCircuit(options: { failures: number; openMs: number }, mayHeal: (error: unknown) => boolean): CircuitBreakerPolicy {
  const circuit: CircuitBreakerPolicy = circuitBreaker(
    // A trial that was given up proves nothing, but the library takes an error that doesn't count for a success.
    handleWhen((error) => mayHeal(error) || (circuit.state === CircuitState.HalfOpen && error instanceof CallEnded)),
    { breaker: new ConsecutiveBreaker(options.failures), halfOpenAfter: options.openMs },
  );
  return circuit;
}

/** Turns the library's errors into ours; the dependency's own pass through. */
function explain(error: unknown, { name, timeoutMs, breaker }: PolicyOptions): unknown {
  if (isTaskCancelledError(error))
    return new AppError(commonErrors.deadlineExceeded, { reason: `${name} did not answer within ${timeoutMs} ms` });
  if (isBulkheadRejectedError(error)) {
    return new AppError(commonErrors.overloaded, { reason: `every slot for ${name} is taken`, retryAfterMs: 1_000 });
  }
  if (isBrokenCircuitError(error)) {
    const retryAfter = breaker === undefined ? {} : { retryAfterMs: breaker.openMs };
    return new AppError(commonErrors.unavailable, { reason: `the circuit of ${name} is open`, ...retryAfter });
  }
  return error;
}

/** Why the caller's signal fired: its own AppError, its deadline, or its leaving. */
function gaveUp(signal: AbortSignal, name: string): AppError {
  const reason: unknown = signal.reason;
  if (isAppError(reason)) return reason;
  const isDeadline = reason instanceof DOMException && reason.name === 'TimeoutError';
  return new AppError(isDeadline ? commonErrors.deadlineExceeded : commonErrors.cancelled, {
    reason: `the caller of ${name} waits no longer`,
    cause: reason,
  });
}

function isTransientByDefault(error: unknown): boolean {
  return !isAppError(error) || error.definition.retryable;
}
