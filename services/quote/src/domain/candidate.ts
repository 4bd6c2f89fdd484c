import { analyseQuote } from './analyse-quote.ts';
import type { GivenScore } from './analyse-quote.ts';
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
export function toCandidate(
  written: { readonly text: string; readonly quality?: GivenScore | undefined },
  wish: QuoteWish,
  origin: Origin,
): Candidate | undefined {
  const text = written.text.trim();
  if (!isStorableText(text)) return undefined;
  return { text, textHash: textHash(text), analysis: analyseQuote(text, wish, written.quality), origin };
}
