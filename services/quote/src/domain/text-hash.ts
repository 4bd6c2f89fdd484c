import { createHash } from 'node:crypto';
import { normaliseQuote } from '@quotemaster/scoring';

/**
 * Gives the hash by which two texts count as the same quote: SHA-256 of the normalised words, in hex.
 *
 * Case, punctuation and spacing make no difference; see normaliseQuote. A text of nothing but punctuation is hashed as
 * it stands, so that two such texts are not taken for one.
 */
export function textHash(text: string): string {
  const normalised = normaliseQuote(text);
  return createHash('sha256')
    .update(normalised === '' ? text : normalised, 'utf8')
    .digest('hex');
}
