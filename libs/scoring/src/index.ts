export { analyseText } from './analysis/analyse-text.ts';
export type { TextAnalysis } from './analysis/analyse-text.ts';
export { tones } from './analysis/tones.ts';
export { scoreQuote } from './quality/score-quote.ts';
export type { QualityParts } from './quality/score-quote.ts';
export type { ScoringBrief } from './quality/brief.ts';
export { normaliseQuote } from './text/normalise-quote.ts';
export { tokenize } from './text/tokenize.ts';
export { trigramSimilarity } from './text/trigram-similarity.ts';
