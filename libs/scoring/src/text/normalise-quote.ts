import { tokenize } from './tokenize.ts';

/** Gives the words of a quote as they count for sameness: NFKC, lower case, single spaces, no punctuation. Idempotent. */
export function normaliseQuote(text: string): string {
  let normalised = tokenize(text).join(' ');
  // Lower-casing may bring forth a form that NFKC folds again ("İ"); a second pass is where it ends in all but made-up texts.
  for (let pass = 0; pass < 3; pass += 1) {
    const next = tokenize(normalised).join(' ');
    if (next === normalised) break;
    normalised = next;
  }
  return normalised;
}
