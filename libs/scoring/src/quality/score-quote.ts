import { clamp, roundScore } from '../text/bound-score.ts';
import type { ScoringBrief } from './brief.ts';
import { scoreCliche } from './cliche.ts';
import { scoreClarity } from './clarity.ts';
import { scoreForm } from './form.ts';
import { scoreLength } from './length.ts';
import { scoreRelevance } from './relevance.ts';
import { scoreRepetition } from './repetition.ts';
import { scoreRhythm } from './rhythm.ts';
import { scoreTone } from './tone.ts';
import { weights } from './weights.ts';

/** The measures behind a score, each 0..1, 1 being best, with four decimals. */
export interface QualityParts {
  readonly form: number;
  readonly length: number;
  readonly repetition: number;
  readonly cliche: number;
  readonly rhythm: number;
  readonly clarity: number;
  /** Absent where the brief has neither prompt nor theme with a word to measure against. */
  readonly relevance?: number;
  /** Absent where the brief has no tone, one that is not known here, or a language other than English. */
  readonly tone?: number;
}

/**
 * Scores a quote, alone or against the brief that it was written for. Deterministic; any string is taken.
 *
 * `score` is the weighted mean of `parts`, 0..1, with four decimals; 0 for a text without a word.
 * @see libs/scoring/README.md for what each part measures and why
 */
export function scoreQuote(text: string, brief: ScoringBrief = {}): { score: number; parts: QualityParts } {
  const relevance = scoreRelevance(text, brief);
  const tone = scoreTone(text, brief);
  const parts: QualityParts = {
    form: bounded(scoreForm(text)),
    length: bounded(scoreLength(text, brief)),
    repetition: bounded(scoreRepetition(text)),
    cliche: bounded(scoreCliche(text)),
    rhythm: bounded(scoreRhythm(text)),
    clarity: bounded(scoreClarity(text, brief)),
    ...(relevance === undefined ? {} : { relevance: bounded(relevance) }),
    ...(tone === undefined ? {} : { tone: bounded(tone) }),
  };
  return { score: parts.length === 0 ? 0 : bounded(weightedMean(parts)), parts };
}

function weightedMean(parts: QualityParts): number {
  let sum = 0;
  let weight = 0;
  for (const [name, value] of Object.entries(parts) as [keyof QualityParts, number][]) {
    sum += value * weights[name];
    weight += weights[name];
  }
  return sum / weight;
}

function bounded(value: number): number {
  return roundScore(clamp(value));
}
