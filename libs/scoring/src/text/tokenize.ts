// One segmenter for every language: its word rules (UAX #29) hold for all scripts, and a fixed locale keeps scores the same
// on every machine.
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/**
 * Splits a text into its words, lower-cased, in order; punctuation and spaces are left out.
 *
 * Compatibility forms are folded (NFKC) and every apostrophe is the straight one, so that "don’t" and "don't" are one word.
 * @see https://www.unicode.org/reports/tr29/
 */
export function tokenize(text: string): string[] {
  return splitWords(text).map((word) => word.toLowerCase());
}

/** Does the same with upper and lower case kept. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text.normalize('NFKC').replaceAll(/[’ʼ‘]/gu, "'"))) {
    if (isWordLike === true) words.push(segment);
  }
  return words;
}
