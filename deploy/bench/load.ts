/** One call of the thing measured, by the caller of this number. Rejects when the answer is not a good one. */
export type Call = (caller: number) => Promise<void>;

/** What a load came to. Latencies in milliseconds, sorted. */
export interface LoadResult {
  readonly latenciesMs: readonly number[];
  readonly failures: number;
  /** What the first failure said. */
  readonly firstFailure: string | undefined;
  readonly seconds: number;
}

/**
 * Runs `callers` callers side by side for `seconds`: each makes one call after the other, as people do who wait for an answer.
 * Stops by itself at the end of the calls that run then. A failure is counted, and its latency is not.
 */
export async function runLoad(call: Call, { callers, seconds }: { callers: number; seconds: number }): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  let failures = 0;
  let firstFailure: string | undefined;
  const startedAt = performance.now();
  const end = startedAt + seconds * 1_000;

  async function work(caller: number): Promise<void> {
    while (performance.now() < end) {
      const begunAt = performance.now();
      try {
        await call(caller);
        latenciesMs.push(performance.now() - begunAt);
      } catch (error) {
        failures += 1;
        firstFailure ??= describe(error);
        // A system that refuses everything would otherwise be measured for how fast it refuses.
        if (failures > 100) throw new Error('more than 100 calls failed', { cause: error });
      }
    }
  }

  await Promise.all(Array.from({ length: callers }, (_, caller) => work(caller)));
  return { latenciesMs: latenciesMs.toSorted((a, b) => a - b), failures, firstFailure, seconds: (performance.now() - startedAt) / 1_000 };
}

/** fetch says why a connection failed in the cause alone. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** Gives the value below which a share of sorted values lies, by the nearest rank. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
