import type { RateDecision, RatePolicy } from './face.ts';

/** What is remembered of one key: two counters, whatever the limit. */
export interface WindowState {
  /** The number of the current window since the epoch. */
  readonly window: number;
  readonly current: number;
  readonly previous: number;
}

/**
 * Decides one request by a sliding window of two counters.
 *
 * The window before counts in the share that still lies within the last `windowMs`, as if its requests had been spread
 * evenly. That is exact for steady traffic and errs by little for bursts, and a key costs two numbers, where a log of
 * every request would cost as many entries as the limit allows. The Lua script of the Redis limiter does the same arithmetic;
 * the contract suite compares the two.
 * @see https://blog.cloudflare.com/counting-things-a-lot-of-different-things/
 */
export function takeFromWindow(
  state: WindowState | undefined,
  policy: RatePolicy,
  cost: number,
  nowMs: number,
): { state: WindowState | undefined; decision: RateDecision } {
  const { limit, windowMs } = policy;
  // A clock set back by less than a window, as by a failover, must not bring a fresh limit: time stands still instead.
  const now = state?.window === Math.floor(nowMs / windowMs) + 1 ? state.window * windowMs : nowMs;
  const window = Math.floor(now / windowMs);
  const { current, previous } = roll(state, window);
  const elapsed = now - window * windowMs;
  const used = (previous * (windowMs - elapsed)) / windowMs + current;
  if (used + cost <= limit) {
    return {
      state: { window, current: current + cost, previous },
      decision: { allowed: true, limit, remaining: Math.floor(limit - used - cost), resetMs: Math.ceil(windowMs - elapsed) },
    };
  }
  return {
    // Whatever was refused counts for nothing, and leaves what is remembered as it was.
    state,
    decision: {
      allowed: false,
      limit,
      remaining: Math.max(0, Math.floor(limit - used)),
      resetMs: waitMs({ current, previous, elapsed, cost, limit, windowMs }),
    },
  };
}

function roll(state: WindowState | undefined, window: number): { current: number; previous: number } {
  if (state?.window === window) return state;
  return { current: 0, previous: state?.window === window - 1 ? state.current : 0 };
}

/** Milliseconds until `cost` fits: within this window as the one before fades, else in the next as this one fades. */
function waitMs(facts: { current: number; previous: number; elapsed: number; cost: number; limit: number; windowMs: number }): number {
  const { current, previous, elapsed, cost, limit, windowMs } = facts;
  if (cost > limit) return windowMs;
  if (current + cost <= limit) return Math.max(1, Math.ceil(windowMs * (1 - (limit - current - cost) / previous) - elapsed));
  return Math.max(1, Math.ceil(windowMs - elapsed + windowMs * (1 - (limit - cost) / current)));
}
