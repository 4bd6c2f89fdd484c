import type { QualityParts } from './score-quote.ts';

/**
 * How much each part counts in the score. Parts that are absent take no part, and the rest keep their proportion.
 *
 * Relevance weighs most beside form: a fine sentence about something else is no answer. The weights are a judgement of ours;
 * changing one changes the scores of all quotes from then on, and no others.
 */
export const weights: Readonly<Record<keyof QualityParts, number>> = {
  form: 0.18,
  length: 0.1,
  repetition: 0.08,
  cliche: 0.14,
  rhythm: 0.12,
  clarity: 0.12,
  relevance: 0.17,
  tone: 0.09,
};
