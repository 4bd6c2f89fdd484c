import { clamp, roundScore } from '../text/bound-score.ts';
import { stem } from '../text/stem.ts';
import { emotionClasses } from './emotion-lexicon.ts';
import { countEmotions } from './emotions.ts';
import { judgeFraming } from './framing.ts';
import { judgePerspective } from './perspective.ts';
import { judgeTime } from './time.ts';
import type { Trait } from './trait.ts';
import { valenceByStem } from './valence-lexicon.ts';

/** How a text speaks. It is about the text, never about whoever wrote or reads it. */
export interface PsychologicalProfile {
  /** -1..1; 0 where no word is known. */
  readonly valence: number;
  /** 0..1. */
  readonly arousal: number;
  /** self, other or world. */
  readonly perspective: Trait;
  /** past, present, future or timeless. */
  readonly time: Trait;
  /** growth, fixed or neutral. */
  readonly framing: Trait;
}

/** The activation of plain prose; counts as one word beside those that are known. */
const restingArousal = 0.3;

/** Profiles a text by its words (as tokenize gives them). */
export function profileText(words: readonly string[]): PsychologicalProfile {
  return {
    valence: valenceOf(words),
    arousal: arousalOf(words),
    perspective: judgePerspective(words),
    time: judgeTime(words),
    framing: judgeFraming(words),
  };
}

/**
 * The mean pleasantness of the words that are known, one neutral word added so that a single word decides nothing alone.
 *
 * It looks at words one by one; what negations and turns make of them is the sentiment.
 */
function valenceOf(words: readonly string[]): number {
  const known = words.flatMap((word) => valenceByStem.get(stem(word)) ?? []);
  return roundScore(known.reduce((sum, valence) => sum + valence, 0) / (known.length + 1) / 4);
}

function arousalOf(words: readonly string[]): number {
  const counts = countEmotions(words);
  let sum = restingArousal;
  let weight = 1;
  for (const { name, arousal } of emotionClasses) {
    const count = counts.get(name) ?? 0;
    sum += arousal * count;
    weight += count;
  }
  return roundScore(clamp(sum / weight));
}
