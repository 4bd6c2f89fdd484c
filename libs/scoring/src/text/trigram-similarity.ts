import { normaliseQuote } from './normalise-quote.ts';

/**
 * Tells how alike two texts are by their letters: shared trigrams over all trigrams, 0..1, 1 for the same words.
 *
 * Each word is padded as pg_trgm does it (two spaces before, one after), on normalised text, so case and punctuation make
 * no difference. Two texts without words are 1 if equal, else 0.
 * @see https://www.postgresql.org/docs/15/pgtrgm.html
 */
export function trigramSimilarity(a: string, b: string): number {
  const left = trigramsOf(normaliseQuote(a));
  const right = trigramsOf(normaliseQuote(b));
  if (left.size === 0 && right.size === 0) return a === b ? 1 : 0;
  let shared = 0;
  for (const trigram of left) if (right.has(trigram)) shared += 1;
  return shared / (left.size + right.size - shared);
}

function trigramsOf(normalised: string): Set<string> {
  const trigrams = new Set<string>();
  for (const word of normalised.split(' ')) {
    if (word === '') continue;
    const letters = Array.from(`  ${word} `);
    for (let start = 0; start + 3 <= letters.length; start += 1) trigrams.add(letters.slice(start, start + 3).join(''));
  }
  return trigrams;
}
