import { closedBreaker, failed, succeeded, undecided } from './breaker.ts';
import type { BreakerPolicy, BreakerState } from './breaker.ts';
import { createDurations, withAtLeast, withDuration } from './latency.ts';
import type { Durations, PeakAverage } from './latency.ts';
import { consequences } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { openGate, refusedUntil, withLimitsLeft } from './quota-gate.ts';
import type { LimitsLeft, QuotaGate } from './quota-gate.ts';
import { noCalls, withCall } from './success.ts';
import type { SuccessCount } from './success.ts';

/** What is remembered of one model of one provider. Times are of a monotonic clock, in milliseconds. */
export interface ModelRecord {
  readonly breaker: BreakerState;
  readonly quota: QuotaGate;
  /** From a call to its first token, and from one token to the next; of streams alone. Undefined before the first. */
  readonly firstToken: PeakAverage | undefined;
  readonly perToken: PeakAverage | undefined;
  /** From a call to its end, of answers that came whole. */
  readonly whole: PeakAverage | undefined;
  readonly success: SuccessCount;
  /** How many calls ended in a way that says something of it. */
  readonly samples: number;
  /** These two go on from record to record. */
  readonly firstTokens: Durations;
  readonly wholes: Durations;
}

export function newRecord(): ModelRecord {
  return {
    breaker: closedBreaker,
    quota: openGate,
    firstToken: undefined,
    perToken: undefined,
    whole: undefined,
    success: noCalls,
    samples: 0,
    firstTokens: createDurations(),
    wholes: createDurations(),
  };
}

/** How a call ended. */
export interface CallEnd {
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly streamed: boolean;
  /** It was the breaker's trial. */
  readonly isTrial: boolean;
  /** Undefined where no token came, or the answer came whole. */
  readonly firstTokenMs?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly limits?: LimitsLeft | undefined;
}

/** The record after a call. */
export function withCallEnd(record: ModelRecord, end: CallEnd, now: number, policy: BreakerPolicy): ModelRecord {
  const { outcome, isTrial } = end;
  const limited = { ...record, quota: quotaAfter(record.quota, end, now) };
  switch (consequences[outcome].verdict) {
    case 'good':
      return {
        ...withLatency(limited, end, now),
        breaker: succeeded(record.breaker, now, policy, isTrial),
        success: withCall(record.success, true, now),
        samples: record.samples + 1,
      };
    case 'bad':
      return {
        ...withSilence(limited, end, now),
        breaker: failed(record.breaker, now, policy, isTrial),
        success: withCall(record.success, false, now),
        samples: record.samples + 1,
      };
    case 'none':
      return { ...withSilence(limited, end, now), breaker: undecided(record.breaker, now, isTrial) };
  }
}

function quotaAfter(gate: QuotaGate, { outcome, retryAfterMs, limits }: CallEnd, now: number): QuotaGate {
  const told = limits === undefined ? gate : withLimitsLeft(gate, limits, now);
  return outcome === 'quota' ? refusedUntil(told, now, retryAfterMs) : told;
}

function withLatency(record: ModelRecord, { durationMs, streamed, firstTokenMs, outputTokens = 0 }: CallEnd, now: number): ModelRecord {
  record.wholes.add(durationMs, now);
  if (!streamed || firstTokenMs === undefined) return { ...record, whole: withDuration(record.whole, durationMs, now) };
  record.firstTokens.add(firstTokenMs, now);
  const perToken = outputTokens > 1 ? (durationMs - firstTokenMs) / (outputTokens - 1) : undefined;
  return {
    ...record,
    firstToken: withDuration(record.firstToken, firstTokenMs, now),
    perToken: perToken === undefined ? record.perToken : withDuration(record.perToken, perToken, now),
  };
}

const waitedInVain: ReadonlySet<Outcome> = new Set(['abandoned', 'lost', 'late', 'timeout']);

/** Who was waited for in vain would have taken at least as long. */
function withSilence(record: ModelRecord, { outcome, durationMs, streamed, firstTokenMs }: CallEnd, now: number): ModelRecord {
  if (!waitedInVain.has(outcome) || firstTokenMs !== undefined) return record;
  return streamed
    ? { ...record, firstToken: withAtLeast(record.firstToken, durationMs, now) }
    : { ...record, whole: withAtLeast(record.whole, durationMs, now) };
}
