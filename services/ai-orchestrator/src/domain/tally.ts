/** Calls of a window, counted by parts of it, so that a busy window takes no more room than a quiet one. */
export type Tally = readonly { readonly at: number; readonly good: number; readonly bad: number }[];

export const noMarks: Tally = [];

/** A mark leaves the window up to this share of it late. */
const parts = 60;

/** Adds one call at `now`; what is older than the window goes. Times in milliseconds of a monotonic clock. */
export function addMark(tally: Tally, mark: 'good' | 'bad', now: number, windowMs: number): Tally {
  const kept = tally.filter(({ at }) => now - at < windowMs);
  const last = kept.at(-1);
  const one = { good: mark === 'good' ? 1 : 0, bad: mark === 'bad' ? 1 : 0 };
  if (last === undefined || now - last.at >= windowMs / parts) return [...kept, { at: now, ...one }];
  return [...kept.slice(0, -1), { at: last.at, good: last.good + one.good, bad: last.bad + one.bad }];
}

/** Counts the calls of the window that ends at `now`. */
export function countMarks(tally: Tally, now: number, windowMs: number): { readonly good: number; readonly bad: number } {
  let [good, bad] = [0, 0];
  for (const part of tally) {
    if (now - part.at >= windowMs) continue;
    good += part.good;
    bad += part.bad;
  }
  return { good, bad };
}
