import { roundScore } from '../text/bound-score.ts';
import { stem } from '../text/stem.ts';
import { tokenize } from '../text/tokenize.ts';
import { emotionClasses } from './emotion-lexicon.ts';
import { isNegated } from './negation.ts';

/** One emotion found in a text, 0..1. */
export interface FoundEmotion {
  readonly name: string;
  readonly score: number;
}

/** A text shows a handful of emotions at most; what is fainter is chance. */
const emotionsMax = 5;

/**
 * Finds the emotions of a text, strongest first, at most five; none where the lexicon knows no word of it.
 *
 * A word counts for each class that it stands in, shared among them, and not at all where it is negated: "no fear" speaks
 * of no fear, though not surely of its opposite. A score is 1 - 0.6^n for n words: one word is a hint, four are a mood.
 */
export function findEmotions(text: string): FoundEmotion[] {
  return [...countEmotions(tokenize(text))]
    .map(([name, count]) => ({ name, score: roundScore(1 - 0.6 ** count) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, emotionsMax);
}

/** Counts the words of each emotion, in the order of the lexicon, leaving out emotions without any. */
export function countEmotions(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  const classesOfWords = words.map((word, index) => {
    const root = stem(word);
    return isNegated(words, index) ? [] : emotionClasses.filter((emotion) => emotion.words.has(root));
  });
  for (const { name } of emotionClasses) {
    const count = classesOfWords.reduce((sum, classes) => (classes.some((one) => one.name === name) ? sum + 1 / classes.length : sum), 0);
    if (count > 0) counts.set(name, count);
  }
  return counts;
}
