import { closedBreaker, failed, succeeded, undecided } from './breaker.ts';
import type { BreakerPolicy, BreakerState } from './breaker.ts';
import { consequences } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { gateUntil } from './quota-gate.ts';

/** What is remembered of one model of one provider. Times are of a monotonic clock, in milliseconds. */
export interface ProviderRecord {
  readonly breaker: BreakerState;
  /** Left alone until then, for its limits. */
  readonly gatedUntil: number;
  /** Moving average of how long good answers took; undefined before the first. */
  readonly latencyMs: number | undefined;
  /** Moving share of calls that went well, 0..1, as it was at the last call that said something of it. */
  readonly success: number;
  readonly successAt: number;
}

export const newRecord: ProviderRecord = { breaker: closedBreaker, gatedUntil: 0, latencyMs: undefined, success: 1, successAt: 0 };

/** Failures are forgiven by half in this time: a provider that is asked no more could never show that it is well again. */
const forgivenMs = 60_000;

/** The share of calls that went well, as far as it still counts now. */
export function successNow({ success, successAt }: ProviderRecord, now: number): number {
  return 1 - (1 - success) * 2 ** (-(now - successAt) / forgivenMs);
}

/** How a call ended. */
export interface CallEnd {
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly retryAfterMs?: number | undefined;
}

/** The weight of the newest call in the averages: about the last ten count. */
const newest = 0.2;

/** The record after a call. */
export function withCallEnd(record: ProviderRecord, end: CallEnd, now: number, policy: BreakerPolicy): ProviderRecord {
  const { outcome, durationMs, retryAfterMs } = end;
  const { breaker, gatedUntil, latencyMs } = record;
  const success = successNow(record, now);
  switch (consequences[outcome].verdict) {
    case 'good':
      return {
        breaker: succeeded(breaker),
        gatedUntil,
        latencyMs: latencyMs === undefined ? durationMs : average(latencyMs, durationMs),
        success: average(success, 1),
        successAt: now,
      };
    case 'bad':
      return { ...record, breaker: failed(breaker, now, policy), success: average(success, 0), successAt: now };
    case 'none':
      return {
        ...record,
        breaker: undecided(breaker, now),
        gatedUntil: outcome === 'quota' ? gateUntil(gatedUntil, now, retryAfterMs) : gatedUntil,
      };
  }
}

function average(before: number, now: number): number {
  return before + newest * (now - before);
}
