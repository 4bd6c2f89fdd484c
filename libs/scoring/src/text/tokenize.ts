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

/** The words of the text split last: a quote is measured by a dozen measures in a row, and splitting is most of their work. */
let last: { readonly text: string; readonly words: readonly string[] } = { text: '', words: [] };

/** Does the same with upper and lower case kept. */
export function splitWords(text: string): readonly string[] {
  if (text !== last.text) last = { text, words: segment(text) };
  return last.words;
}

function segment(text: string): readonly string[] {
  const words: string[] = [];
  for (const { segment: word, isWordLike } of segmenter.segment(text.normalize('NFKC').replaceAll(/[’ʼ‘]/gu, "'"))) {
    if (isWordLike === true) words.push(word);
  }
  return words;
}
