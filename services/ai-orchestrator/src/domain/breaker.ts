/** When a circuit opens, and for how long. Durations in milliseconds. */
export interface BreakerPolicy {
  /** So many failures within the window open it. */
  readonly failures: number;
  readonly windowMs: number;
  /** How long nobody is let through, until one trial is. */
  readonly openMs: number;
}

/** The state of one circuit: a value, which the functions below turn into the next. Times are of a monotonic clock. */
export type BreakerState =
  /** Calls pass; `failedAt` are the failures of the last window, oldest first, fewer than open it. */
  | { readonly kind: 'closed'; readonly failedAt: readonly number[] }
  /** No call passes before `until`. */
  | { readonly kind: 'open'; readonly until: number }
  /** One trial is under way, since `since`. */
  | { readonly kind: 'half_open'; readonly since: number };

export const closedBreaker: BreakerState = { kind: 'closed', failedAt: [] };

/** Tells whether a call may pass now. Admission never waits: while a trial is under way, others are refused. */
export function admits(state: BreakerState, now: number, policy: BreakerPolicy): boolean {
  switch (state.kind) {
    case 'closed':
      return true;
    case 'open':
      return now >= state.until;
    case 'half_open':
      // A trial whose end nobody told must not keep the circuit shut for ever.
      return now - state.since >= policy.openMs;
  }
}

/** The state once a call has begun that `admits` let pass: in an open circuit it is the trial. */
export function begun(state: BreakerState, now: number): BreakerState {
  return state.kind === 'closed' ? state : { kind: 'half_open', since: now };
}

/** The state after a call that went well: closed, whatever it was; older failures of a closed circuit stay counted. */
export function succeeded(state: BreakerState): BreakerState {
  return state.kind === 'closed' ? state : closedBreaker;
}

/** The state after a call that failed. Failures of calls that began before the circuit opened change nothing any more. */
export function failed(state: BreakerState, now: number, policy: BreakerPolicy): BreakerState {
  switch (state.kind) {
    case 'closed': {
      const failedAt = [...state.failedAt.filter((at) => now - at < policy.windowMs), now];
      return failedAt.length >= policy.failures ? { kind: 'open', until: now + policy.openMs } : { kind: 'closed', failedAt };
    }
    case 'open':
      return state;
    case 'half_open':
      return { kind: 'open', until: now + policy.openMs };
  }
}

/** The state after a call that says nothing of the provider: the caller left, or was at fault. A trial makes way for the next. */
export function undecided(state: BreakerState, now: number): BreakerState {
  return state.kind === 'half_open' ? { kind: 'open', until: now } : state;
}
