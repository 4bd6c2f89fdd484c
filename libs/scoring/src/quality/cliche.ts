import { normaliseQuote } from '../text/normalise-quote.ts';
import { cliches } from './cliches.ts';

/**
 * Measures whether a text is free of worn phrases: 1 for none, and for each one found less by its share of the text; 0
 * without a word.
 *
 * "Never use a metaphor, simile, or other figure of speech which you are used to seeing in print" (Orwell, Politics and the
 * English Language, 1946). The list is ours, English, and no longer than what is plainly worn.
 */
export function scoreCliche(text: string): number {
  const normalised = normaliseQuote(text);
  if (normalised === '') return 0;
  const padded = ` ${normalised} `;
  const found = cliches.filter((phrase) => padded.includes(` ${phrase} `));
  const words = normalised.split(' ').length;
  const worn = found.reduce((sum, phrase) => sum + phrase.split(' ').length, 0);
  return Math.max(0, 0.5 ** found.length - 0.5 * Math.min(1, worn / words));
}
