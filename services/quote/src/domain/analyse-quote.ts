import { analyseText, scoreQuote } from '@quotemaster/scoring';
import type { ScoringBrief } from '@quotemaster/scoring';
import type { QuoteWish } from './prompt.ts';
import type { Analysis } from './quote.ts';

/** Measures a quote's words; against the wish too, where they were written for one. Deterministic. */
export function analyseQuote(text: string, wish?: QuoteWish): Analysis {
  const { emotionalTone, emotions, sentimentScore, psychologicalProfile } = analyseText(text);
  const { score, parts } = scoreQuote(text, wish === undefined ? undefined : toScoringBrief(wish));
  return { emotionalTone, emotions, sentimentScore, psychologicalProfile, qualityScore: score, quality: parts };
}

function toScoringBrief(wish: QuoteWish): ScoringBrief {
  return {
    prompt: wish.prompt,
    ...(wish.tone === undefined ? {} : { tone: wish.tone }),
    ...(wish.theme === undefined ? {} : { theme: wish.theme }),
    ...(wish.maxWords === undefined ? {} : { maxWords: wish.maxWords }),
    ...(wish.language === undefined ? {} : { language: wish.language }),
  };
}
