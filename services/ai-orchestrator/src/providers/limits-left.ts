import type { LimitsLeft } from '../domain/quota-gate.ts';
import { limitHeaders, readDuration, readTime } from './retry-after.ts';

/** A limit that names no time to its reset is taken for one a minute. */
const usualResetMs = 60_000;

/**
 * Reads what an answer's headers say of the provider's limits: the scarcest one. Undefined where they say nothing. Azure's -1, and a
 * limit of 0, mean that it does not know.
 */
export function readLimitsLeft(headers: { get(name: string): string | null }, now: number): LimitsLeft | undefined {
  let scarcest: LimitsLeft | undefined;
  for (const { limit, remaining, reset } of limitHeaders) {
    const [of, left] = [readCount(headers.get(limit)), readCount(headers.get(remaining))];
    if (of === undefined || left === undefined || of === 0) continue;
    const text = headers.get(reset);
    const found = { headroom: Math.min(1, left / of), resetMs: readTime(text, now) ?? readDuration(text) ?? usualResetMs };
    if (scarcest === undefined || found.headroom < scarcest.headroom) scarcest = found;
  }
  return scarcest;
}

function readCount(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
