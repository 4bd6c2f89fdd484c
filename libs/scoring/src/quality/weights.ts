import type { QualityParts } from './score-quote.ts';

/**
 * How much each part counts in the score. Parts that are absent take no part, and the rest keep their proportion.
 *
 * Relevance weighs most beside form: a fine sentence about something else is no answer. The weights are a judgement of ours;
 * changing one changes the scores of all quotes from then on, and no others.
 */
export const weights: Readonly<Record<keyof QualityParts, number>> = {
  form: 0.2,
  length: 0.12,
  repetition: 0.1,
  cliche: 0.16,
  rhythm: 0.14,
  clarity: 0.16,
  relevance: 0.2,
  tone: 0.1,
};
