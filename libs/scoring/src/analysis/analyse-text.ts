import { tokenize } from '../text/tokenize.ts';
import { emotionClasses } from './emotion-lexicon.ts';
import { findEmotions } from './emotions.ts';
import type { FoundEmotion } from './emotions.ts';
import { profileText } from './profile.ts';
import type { PsychologicalProfile } from './profile.ts';
import { scoreSentiment } from './sentiment.ts';
import { neutralTone } from './tones.ts';

/** What is found in a text. Numbers have four decimals. */
export interface TextAnalysis {
  /** One of `tones`: that of the strongest emotion, or `neutral`. */
  readonly emotionalTone: string;
  /** Strongest first, at most five. */
  readonly emotions: readonly FoundEmotion[];
  /** -1..1. */
  readonly sentimentScore: number;
  readonly psychologicalProfile: PsychologicalProfile;
}

/**
 * Finds the emotions, the sentiment and the manner of a text by lexicon and rule. Deterministic; any string is taken.
 *
 * The lexicons are English; a text in which they know no word is neutral, with a sentiment of 0.
 */
export function analyseText(text: string): TextAnalysis {
  const emotions = findEmotions(text);
  return {
    emotionalTone: emotionClasses.find(({ name }) => name === emotions[0]?.name)?.tone ?? neutralTone,
    emotions,
    sentimentScore: scoreSentiment(text),
    psychologicalProfile: profileText(tokenize(text)),
  };
}
