import { trigramSimilarity } from '@quotemaster/scoring';
import type { Candidate } from './candidate.ts';

/** From this trigram similarity on, two texts of one batch are the same thought in almost the same words. */
const nearDuplicateSimilarity = 0.8;

/**
 * Chooses up to `wanted` candidates, best first, without those whose hash is in `owned`.
 *
 * Of candidates with the same hash or almost the same words the best stays. Equal scores keep the model's order.
 */
export function selectCandidates(candidates: readonly Candidate[], owned: ReadonlySet<string>, wanted: number): Candidate[] {
  const chosen: Candidate[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.analysis.qualityScore - a.analysis.qualityScore)) {
    if (chosen.length === wanted) break;
    if (owned.has(candidate.textHash)) continue;
    if (chosen.some((other) => isNearDuplicate(candidate, other))) continue;
    chosen.push(candidate);
  }
  return chosen;
}

function isNearDuplicate(a: Candidate, b: Candidate): boolean {
  return a.textHash === b.textHash || trigramSimilarity(a.text, b.text) >= nearDuplicateSimilarity;
}
