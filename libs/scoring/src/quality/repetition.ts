import { stopWords } from '../text/common-words.ts';
import { stem } from '../text/stem.ts';
import { tokenize } from '../text/tokenize.ts';

/** Three words in a row said again: so often for nothing. A parallel of five words makes three. */
const triplesFree = 3;

/**
 * Measures whether words are repeated without purpose: 1 where none is; 0 without a word.
 *
 * Saying a word of weight twice is a figure as old as rhetoric (diacope, anaphora: Lausberg, Handbook of Literary Rhetoric,
 * §§ 616–630) and costs nothing, and so does a turn of three words that comes again ("it is the art of…; it is the art of…").
 * From the third time on it counts, and so does a word right after itself.
 */
export function scoreRepetition(text: string): number {
  const words = tokenize(text);
  if (words.length === 0) return 0;
  const counts = new Map<string, number>();
  for (const word of words) if (!stopWords.has(word)) counts.set(stem(word), (counts.get(stem(word)) ?? 0) + 1);
  const surplus = [...counts.values()].reduce((sum, count) => sum + Math.max(0, count - 2), 0);
  const doubled = words.filter((word, index) => index > 0 && word === words[index - 1]).length;
  const faults = surplus + doubled + Math.max(0, repeatedTriples(words) - triplesFree);
  return Math.max(0, 1 - (2 * faults) / words.length);
}

function repeatedTriples(words: readonly string[]): number {
  const seen = new Set<string>();
  let repeated = 0;
  for (let start = 0; start + 3 <= words.length; start += 1) {
    const triple = words.slice(start, start + 3).join(' ');
    if (seen.has(triple)) repeated += 1;
    seen.add(triple);
  }
  return repeated;
}
