import { consequences } from '../domain/outcome.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { CallEnd } from '../domain/record.ts';
import type { Candidate } from '../selection/candidates.ts';

/** What one request has tried so far. */
export interface Tries {
  /** Those that have not failed it yet. */
  untried(): readonly Candidate[];
  /** Those that have failed it in a way that may pass. */
  repeatable(): readonly Candidate[];
  /** Remembers a failed call, and tells whether another is worth beginning with `remainingMs` left. */
  failed(candidate: Candidate, end: CallEnd, remainingMs: number): boolean;
  /** How many calls have failed. */
  readonly count: number;
}

/** Another provider may be much faster than the one that failed; less than this is too little for any. */
const timeMinMs = 250;

export function createTries(pool: readonly Candidate[], triesMax: number): Tries {
  const failures = new Map<string, Outcome>();
  let count = 0;
  const untried = (): readonly Candidate[] => pool.filter(({ key }) => !failures.has(key));
  const repeatable = (): readonly Candidate[] => pool.filter(({ key }) => consequences[failures.get(key) ?? 'ok'].askAgain === 'anywhere');
  return {
    untried,
    repeatable,
    failed({ key }, { outcome, durationMs }, remainingMs) {
      failures.set(key, outcome);
      count += 1;
      if (count >= triesMax || consequences[outcome].askAgain === 'never') return false;
      if (untried().length > 0) return remainingMs > timeMinMs;
      // The same again would take as long again.
      return repeatable().length > 0 && remainingMs > Math.max(timeMinMs, durationMs);
    },
    get count() {
      return count;
    },
  };
}
