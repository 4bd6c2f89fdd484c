import { findEmotions } from '../analysis/emotions.ts';
import { scoreSentiment } from '../analysis/sentiment.ts';
import { emotionsOfTone } from '../analysis/tones.ts';
import { isEnglish } from './brief.ts';
import type { ScoringBrief } from './brief.ts';

/** What a text gets that shows no emotion at all: it misses the tone, but does not go against it. */
const silent = 0.4;

/**
 * Measures nearness to the tone asked for: 1 where the emotion behind it is the strongest, less by how far it stands behind;
 * undefined where no tone was asked for, none that is known, or not in English.
 *
 * The lexicon knows English alone, and judging other words by it would be a guess.
 */
export function scoreTone(text: string, brief: ScoringBrief): number | undefined {
  const wanted = emotionsOfTone(brief.tone ?? '');
  if (wanted.length === 0 || !isEnglish(brief)) return undefined;
  const emotions = findEmotions(text);
  const strongest = emotions[0];
  if (strongest === undefined) return silent;
  const found = emotions.find(({ name }) => wanted.some((emotion) => emotion.name === name));
  if (found !== undefined) return 0.5 + (0.5 * found.score) / strongest.score;
  const pleasant = wanted.reduce((sum, emotion) => sum + emotion.valence, 0) >= 0;
  return scoreSentiment(text) >= 0 === pleasant ? silent * 0.75 : 0.1;
}
