import { roundScore } from '../text/bound-score.ts';
import { listOf, stem } from '../text/stem.ts';
import { splitWords } from '../text/tokenize.ts';
import { isNegated } from './negation.ts';
import { valenceByStem } from './valence-lexicon.ts';

const boosters: ReadonlySet<string> = new Set(
  listOf(
    'very really so truly deeply most more absolutely completely entirely utterly especially exceptionally extremely fully greatly highly incredibly purely quite remarkably',
  ),
);
const dampeners: ReadonlySet<string> = new Set(
  listOf('almost barely hardly slightly somewhat partly scarcely little less occasionally marginally kind sort'),
);

// The constants are VADER's, found by its authors in ratings by people.
const boost = 0.293;
const capitals = 0.733;
const negated = -0.74;
const exclamation = 0.292;
const normaliser = 15;

/**
 * Gives the sentiment of a text, -1 negative to 1 positive, by the rules of VADER over word valences of our own.
 *
 * Words of degree before a word strengthen or weaken it, a negation within three words turns it, what follows a "but"
 * outweighs what stands before, capitals among small letters and exclamation marks raise the voice. The sum s becomes
 * s / sqrt(s² + 15). English alone; 0 where no word is known.
 * @see Hutto and Gilbert, VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text, ICWSM 2014
 */
export function scoreSentiment(text: string): number {
  const spoken = splitWords(text);
  const words = spoken.map((word) => word.toLowerCase());
  const mixedCase = spoken.some((word) => /\p{Ll}/u.test(word));
  const turn = words.lastIndexOf('but');
  const sum = words.reduce((total, word, index) => {
    const valence = valenceByStem.get(stem(word));
    if (valence === undefined) return total;
    const loud = mixedCase && isCapitals(spoken[index] ?? '') ? capitals : 0;
    const value = (valence + Math.sign(valence) * (loud + degreeBefore(words, index))) * (isNegated(words, index) ? negated : 1);
    return total + value * turnFactor(index, turn);
  }, 0);
  const raised = sum + Math.sign(sum) * exclamation * Math.min(4, text.split('!').length - 1);
  return roundScore(raised / Math.sqrt(raised * raised + normaliser));
}

/** What words of degree among the three before add or take; less from further away. */
function degreeBefore(words: readonly string[], index: number): number {
  return [1, 0.95, 0.9].reduce((sum, weight, distance) => {
    const before = words[index - distance - 1] ?? '';
    if (boosters.has(before)) return sum + boost * weight;
    return dampeners.has(before) ? sum - boost * weight : sum;
  }, 0);
}

function turnFactor(index: number, turn: number): number {
  if (turn === -1) return 1;
  return index < turn ? 0.5 : 1.5;
}

function isCapitals(word: string): boolean {
  return word.length > 1 && /\p{Lu}/u.test(word) && !/\p{Ll}/u.test(word);
}
