import { addMark, countMarks, noMarks } from './tally.ts';
import type { Tally } from './tally.ts';

/** When a circuit opens, and for how long. Durations in milliseconds. */
export interface BreakerPolicy {
  /** So many failures within the window open it, */
  readonly failures: number;
  readonly windowMs: number;
  /** if they are at least this share of the window's calls. 0 leaves the bare count. */
  readonly failureShare: number;
  /** How long nobody is let through, until one trial is. Doubles each time that it opens again, up to `openMaxMs`. */
  readonly openMs: number;
  readonly openMaxMs: number;
  /** After a good trial the circuit takes this long to carry its full share again. */
  readonly rampMs: number;
}

/** The state of one circuit: a value, which the functions below turn into the next. Times are of a monotonic clock. */
export type BreakerState = ClosedBreaker | OpenBreaker | HalfOpenBreaker;

export interface ClosedBreaker {
  readonly kind: 'closed';
  /** The newest failures, oldest first, fewer than open it. */
  readonly failedAt: readonly number[];
  /** All calls of the window. */
  readonly calls: Tally;
  /** When a trial closed it; undefined once that has been forgotten. */
  readonly readmittedAt: number | undefined;
  /** How often in a row it has opened before, without having been well for long. */
  readonly openings: number;
}

export interface OpenBreaker {
  readonly kind: 'open';
  readonly since: number;
  /** No call passes before. */
  readonly until: number;
  readonly openings: number;
}

export interface HalfOpenBreaker {
  readonly kind: 'half_open';
  /** When its one trial began. */
  readonly since: number;
  readonly openings: number;
}

export const closedBreaker: ClosedBreaker = { kind: 'closed', failedAt: [], calls: noMarks, readmittedAt: undefined, openings: 0 };

/** What a circuit says to a call: it may pass, it may pass as the trial, or it may not. */
export type Admission = 'pass' | 'trial' | 'refused';

/** Tells whether a call may pass now. Never waits: while a trial is under way, others are refused. */
export function admissionOf(state: BreakerState, now: number, policy: BreakerPolicy): Admission {
  switch (state.kind) {
    case 'closed':
      return 'pass';
    case 'open':
      return now >= state.until ? 'trial' : 'refused';
    case 'half_open':
      // A trial whose end nobody told must not keep the circuit shut for ever.
      return now - state.since >= policy.openMaxMs ? 'trial' : 'refused';
  }
}

/** The share of its traffic with which a ramp begins. */
const rampStart = 0.1;

/** The share of its usual traffic that a circuit may carry: 1, but less for a time after a trial closed it; 0 unless closed. */
export function rampOf(state: BreakerState, now: number, { rampMs }: BreakerPolicy): number {
  if (state.kind !== 'closed') return 0;
  if (state.readmittedAt === undefined || rampMs === 0) return 1;
  return Math.min(1, rampStart + ((1 - rampStart) * Math.max(0, now - state.readmittedAt)) / rampMs);
}

/** The state once the trial has begun that `admissionOf` let pass. */
export function trialBegun({ openings }: BreakerState, now: number): HalfOpenBreaker {
  return { kind: 'half_open', since: now, openings };
}

/**
 * The state after a call that went well. Only its trial closes a circuit that is not closed: calls that began before it opened
 * say nothing of now.
 */
export function succeeded(state: BreakerState, now: number, policy: BreakerPolicy, isTrial: boolean): BreakerState {
  if (state.kind === 'closed') {
    const well = forgetting(state, now, policy);
    return { ...well, calls: addMark(well.calls, 'good', now, policy.windowMs) };
  }
  return isTrial && state.kind === 'half_open' ? readmitted(state, now) : state;
}

/** The state after a call that failed. Failures of calls that began before the circuit opened change nothing any more. */
export function failed(state: BreakerState, now: number, policy: BreakerPolicy, isTrial: boolean): BreakerState {
  if (state.kind === 'half_open') return isTrial ? opened(now, state.openings + 1, policy) : state;
  if (state.kind === 'open') return state;
  const well = forgetting(state, now, policy);
  // While it ramps up, half as many are enough: it has lost trust.
  const enough = rampOf(well, now, policy) < 1 ? Math.ceil(policy.failures / 2) : policy.failures;
  const failedAt = [...well.failedAt.filter((at) => now - at < policy.windowMs), now].slice(-policy.failures);
  const calls = addMark(well.calls, 'bad', now, policy.windowMs);
  const { good, bad } = countMarks(calls, now, policy.windowMs);
  if (failedAt.length >= enough && bad / (good + bad) >= policy.failureShare) {
    return opened(now, well.readmittedAt === undefined ? 0 : well.openings + 1, policy);
  }
  return { ...well, failedAt, calls };
}

/** The state after a call that says nothing of the provider: the caller left, or was at fault. A trial makes way for the next. */
export function undecided(state: BreakerState, now: number, isTrial: boolean): BreakerState {
  return isTrial && state.kind === 'half_open' ? { kind: 'open', since: now, until: now, openings: state.openings } : state;
}

/** The state of a circuit that is not closed when somebody else's trial went well. */
export function readmitted(state: BreakerState, now: number): BreakerState {
  return state.kind === 'closed' ? state : { ...closedBreaker, readmittedAt: now, openings: state.openings };
}

function opened(now: number, openings: number, { openMs, openMaxMs }: BreakerPolicy): OpenBreaker {
  const forMs = Math.min(openMs * 2 ** Math.min(openings, 20), Math.max(openMs, openMaxMs));
  return { kind: 'open', since: now, until: now + forMs, openings };
}

/** A circuit that has been well for its ramp and a whole window has its past behind it. */
function forgetting(state: ClosedBreaker, now: number, { rampMs, windowMs }: BreakerPolicy): ClosedBreaker {
  const { readmittedAt } = state;
  return readmittedAt !== undefined && now - readmittedAt >= rampMs + windowMs ? { ...state, readmittedAt: undefined, openings: 0 } : state;
}
