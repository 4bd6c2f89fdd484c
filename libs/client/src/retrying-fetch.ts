import { keyHeader } from './idempotency.ts';
import { noAnswer, retryAfter } from './problem-error.ts';

export type Fetch = (request: Request) => Promise<Response>;

export interface RetryOptions {
  /** How often a call is made at most. */
  readonly attemptsMax: number;
  /** How long a call may take, with all its attempts and waits. */
  readonly timeoutMs: number;
  /** The time is that until the answer begins: what follows is a stream. */
  readonly isStream?: boolean;
  /** Waits; rejects with the signal's reason when it fires. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** 0 to 1. */
  random(): number;
}

const backoffMs = { base: 200, max: 2_000 } as const;

/**
 * Creates a fetch that repeats what may be repeated: a call that was refused for its rate, and, where repeating does no harm, one that
 * could not be served or got no answer. It waits as `Retry-After` says, else longer each time.
 *
 * @throws ProblemError `client.network`, `client.timeout`; the reason of the caller's signal.
 */
export function createRetryingFetch(fetch: Fetch, options: RetryOptions): Fetch {
  const { attemptsMax, timeoutMs, isStream = false, pause, random } = options;
  return async (request) => {
    const endsAt = performance.now() + timeoutMs;
    const { timeout, stop } = isStream ? createTimeout(timeoutMs) : { timeout: AbortSignal.timeout(timeoutMs), stop: () => undefined };
    const signal = AbortSignal.any([request.signal, timeout]);
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await tryOnce(fetch, request, signal);
      if ('response' in outcome && !mayRepeat(request, outcome.response)) {
        stop();
        return outcome.response;
      }
      const waitMs = ('response' in outcome ? retryAfter(outcome.response.headers) : undefined) ?? random() * backoff(attempt);
      const isOver = attempt >= attemptsMax || performance.now() + waitMs >= endsAt;
      if ('response' in outcome) {
        if (isOver) return outcome.response;
        await outcome.response.body?.cancel();
      } else {
        // Whoever gave the call up knows why.
        request.signal.throwIfAborted();
        if (isOver || !isRepeatable(request)) throw noAnswer(outcome.error);
      }
      await pause(waitMs, signal);
    }
  };
}

function createTimeout(ms: number): { timeout: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException('no answer in time', 'TimeoutError')), ms);
  return { timeout: controller.signal, stop: () => clearTimeout(timer) };
}

async function tryOnce(fetch: Fetch, request: Request, signal: AbortSignal): Promise<{ response: Response } | { error: unknown }> {
  try {
    return { response: await fetch(new Request(request.clone(), { signal })) };
  } catch (error) {
    return { error };
  }
}

function mayRepeat(request: Request, response: Response): boolean {
  switch (response.status) {
    // Refused before anything was done.
    case 429:
      return true;
    case 502:
    case 503:
    case 504:
      return isRepeatable(request);
    // The first of this key is still running. Other conflicts do not say when to come back.
    case 409:
      return request.headers.has(keyHeader) && response.headers.has('retry-after');
    default:
      return false;
  }
}

function isRepeatable(request: Request): boolean {
  return ['GET', 'HEAD', 'PUT', 'DELETE'].includes(request.method) || request.headers.has(keyHeader);
}

function backoff(attempt: number): number {
  return Math.min(backoffMs.max, backoffMs.base * 2 ** attempt);
}
