/** A moving average that believes slow news sooner than fast news. Times of a monotonic clock, durations in milliseconds. */
export interface PeakAverage {
  readonly ms: number;
  readonly at: number;
}

/** How much of a rise is believed at once. */
const rise = 0.5;
/** A fall is believed by about two thirds in this time, however many calls there are. */
const fallMs = 10_000;
/** A fall is believed by at least so much a call, so that a quiet provider's past is not for ever. */
const fallMin = 0.1;

/**
 * The average after one more duration: half the way up at once, down with time. So a provider that turns slow loses traffic
 * within a few calls, and one lucky call does not bring it back.
 */
export function withDuration(average: PeakAverage | undefined, durationMs: number, now: number): PeakAverage {
  if (average === undefined) return { ms: durationMs, at: now };
  const weight = durationMs > average.ms ? rise : Math.max(fallMin, 1 - Math.exp(-Math.max(0, now - average.at) / fallMs));
  return { ms: average.ms + weight * (durationMs - average.ms), at: now };
}

/** The average after a call that was given up: it would have taken at least as long. */
export function withAtLeast(average: PeakAverage | undefined, durationMs: number, now: number): PeakAverage | undefined {
  return average === undefined || durationMs > average.ms ? withDuration(average, durationMs, now) : average;
}

/** Each bucket is 15 % wider than the one before: what is read from them is at most so much too long. */
const growth = 1.15;
/** From 1 ms to 600 s. */
const buckets = 96;
/** What happened counts half after this time. */
const halfLifeMs = 120_000;

/** Durations of the last minutes, of which quantiles can be asked. */
export interface Durations {
  add(durationMs: number, now: number): void;
  /** The duration that `share` of the calls did not exceed; undefined below `samplesMin` of them, and when the last are long ago. */
  quantile(share: number, now: number, samplesMin: number): number | undefined;
}

export function createDurations(): Durations {
  const counts = new Float64Array(buckets);
  let total = 0;
  let seen = 0;
  let agedAt = 0;

  function age(now: number): void {
    // Ageing by the call would cost a pass over the buckets each time; a twentieth of the half-life is exact enough.
    if (now - agedAt < halfLifeMs / 20) return;
    const left = 2 ** (-(now - agedAt) / halfLifeMs);
    total = 0;
    for (let index = 0; index < buckets; index += 1) {
      const aged = (counts[index] ?? 0) * left;
      counts[index] = aged;
      total += aged;
    }
    agedAt = now;
  }

  return {
    add(durationMs, now) {
      age(now);
      const index = Math.min(buckets - 1, Math.max(0, Math.ceil(Math.log(Math.max(1, durationMs)) / Math.log(growth))));
      counts[index] = (counts[index] ?? 0) + 1;
      total += 1;
      seen += 1;
    },
    quantile(share, now, samplesMin) {
      age(now);
      // Below one call's worth of news, what is left says nothing of today: whoever was too slow then may show what it is now.
      if (seen < samplesMin || total < 1) return undefined;
      let sum = 0;
      for (let index = 0; index < buckets; index += 1) {
        sum += counts[index] ?? 0;
        if (sum >= share * total) return growth ** index;
      }
      return growth ** (buckets - 1);
    },
  };
}
