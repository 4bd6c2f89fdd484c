import { tokenize } from '../text/tokenize.ts';
import type { ScoringBrief } from './brief.ts';

/** From here to there a quote is whole: enough for a thought with a turn, and still sayable in one or two breaths. */
const wordsMin = 6;
const wordsMax = 28;
/** From here on nobody remembers it. */
const wordsLost = 80;

/**
 * Measures whether a quote is neither too short to say anything nor too long to remember; 0 without a word.
 *
 * A plateau with slopes, in words. Where the brief sets a bound, each word over it counts as heavily as a tenth of the bound:
 * half over is useless however good it reads.
 */
export function scoreLength(text: string, brief: ScoringBrief): number {
  const words = tokenize(text).length;
  if (words === 0) return 0;
  const { maxWords = 0 } = brief;
  const plateauStart = maxWords > 0 ? Math.min(wordsMin, Math.max(1, Math.ceil(maxWords / 2))) : wordsMin;
  const plain = words < plateauStart ? 0.2 + (0.8 * (words - 1)) / (plateauStart - 1) : slopeDown(words);
  if (maxWords === 0 || words <= maxWords) return plain;
  return plain * Math.max(0, 1 - (words - maxWords) / (maxWords / 2));
}

function slopeDown(words: number): number {
  if (words <= wordsMax) return 1;
  return Math.max(0.05, 1 - (words - wordsMax) / (wordsLost - wordsMax));
}
