import { analyseQuote } from './analyse-quote.ts';
import type { Origin } from './origin.ts';
import { isStorableText } from './owned-text.ts';
import type { QuoteWish } from './prompt.ts';
import type { Analysis } from './quote.ts';
import { textHash } from './text-hash.ts';

/** A text that a model wrote, measured, with what is known of its origin. */
export interface Candidate {
  readonly text: string;
  readonly textHash: string;
  readonly analysis: Analysis;
  readonly origin: Origin;
}

/** Measures a model's text against the wish that it was written for; undefined for a text that can't be a quote. */
export function toCandidate(text: string, wish: QuoteWish, origin: Origin): Candidate | undefined {
  const trimmed = text.trim();
  if (!isStorableText(trimmed)) return undefined;
  return { text: trimmed, textHash: textHash(trimmed), analysis: analyseQuote(trimmed, wish), origin };
}
