/** How long a provider that names no time is left alone after it refused for its limits. */
const unnamedWaitMs = 5_000;

/**
 * Gives the time until which a provider is left alone that refused for its limits: the later of what stood and what it asks
 * for now, so that the answer of a slow call can't open the gate again. Times are of a monotonic clock, in milliseconds.
 */
export function gateUntil(until: number, now: number, retryAfterMs: number | undefined): number {
  return Math.max(until, now + (retryAfterMs ?? unnamedWaitMs));
}
