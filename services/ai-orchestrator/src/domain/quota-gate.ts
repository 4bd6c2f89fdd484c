/** What is known of a provider's limits for us. Times are of a monotonic clock, in milliseconds. */
export interface QuotaGate {
  /** Left alone until then, as it refused for its limits. */
  readonly until: number;
  /** The share of its limits that was left at `at`, 0..1, and when it will be whole again. */
  readonly headroom: number;
  readonly at: number;
  readonly wholeAt: number;
}

/** What an answer's headers say of the provider's limits: the scarcest of them. */
export interface LimitsLeft {
  /** 0..1. */
  readonly headroom: number;
  /** Milliseconds until it is whole again. */
  readonly resetMs: number;
}

export const openGate: QuotaGate = { until: 0, headroom: 1, at: 0, wholeAt: 0 };

/** How long a provider that names no time is left alone after it refused for its limits. */
const unnamedWaitMs = 5_000;

/**
 * The gate after a refusal: shut until the later of what stood and what is asked for now, so that the answer of a slow call
 * can't open it again.
 */
export function refusedUntil(gate: QuotaGate, now: number, retryAfterMs: number | undefined): QuotaGate {
  return { ...gate, until: Math.max(gate.until, now + (retryAfterMs ?? unnamedWaitMs)) };
}

/** The gate after an answer that told what is left. */
export function withLimitsLeft(gate: QuotaGate, { headroom, resetMs }: LimitsLeft, now: number): QuotaGate {
  return { ...gate, headroom: Math.min(1, Math.max(0, headroom)), at: now, wholeAt: now + Math.max(0, resetMs) };
}

/** The share of its limits that is left now: limits fill up again evenly until their reset. */
export function headroomNow({ headroom, at, wholeAt }: QuotaGate, now: number): number {
  if (now >= wholeAt) return 1;
  return headroom + ((1 - headroom) * Math.max(0, now - at)) / (wholeAt - at);
}
