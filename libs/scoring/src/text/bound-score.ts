/** Rounds to four decimals, so that scores are the same wherever they are stored, sent and compared. */
export function roundScore(value: number): number {
  // Adding 0 turns -0 into 0, which JSON and equality treat alike but Object.is does not.
  return Math.round(value * 10_000) / 10_000 + 0;
}

/** Keeps a value within 0..1. */
export function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
