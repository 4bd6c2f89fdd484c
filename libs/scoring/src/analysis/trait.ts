import { roundScore } from '../text/bound-score.ts';

/** A judgement about a text with how sure it is, 0..1. */
export interface Trait {
  readonly label: string;
  readonly confidence: number;
}

/**
 * Judges for the label with the most evidence; among equals for the one named first.
 *
 * Confidence is the winner's share of all evidence, held back by one part of doubt, so that a single word never makes sure.
 */
export function judge(evidence: Readonly<Record<string, number>>): Trait {
  const entries = Object.entries(evidence);
  const all = entries.reduce((sum, [, amount]) => sum + amount, 0);
  const [label, most] = entries.reduce((best, next) => (next[1] > best[1] ? next : best));
  return { label, confidence: roundScore(most / (all + 1)) };
}
