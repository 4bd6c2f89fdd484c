/** A clock that stands still until a test turns it; `now` and `monotonic` go together. */
export interface FakeClock {
  now(): number;
  monotonic(): number;
  advance(ms: number): void;
  /** Jumps to a time of day without the monotonic clock moving, as an NTP step does. */
  set(epochMs: number): void;
}

/** Creates a clock that begins at `startMs` of the epoch (default 2026-01-01T00:00:00Z). */
export function createFakeClock(startMs: number = Date.UTC(2026, 0, 1)): FakeClock {
  let now = startMs;
  let monotonic = 0;
  return {
    now: () => now,
    monotonic: () => monotonic,
    advance: (ms) => {
      now += ms;
      monotonic += ms;
    },
    set: (epochMs) => {
      now = epochMs;
    },
  };
}
