import { scoreQuote } from '@quotemaster/scoring';

/** A quote with its score, 0..1, and the parts of it by name. */
export interface ScoredQuote {
  readonly text: string;
  readonly quality: { readonly score: number; readonly parts: Record<string, number> };
}

interface AnswerBrief {
  readonly prompt: string;
  readonly tone: string;
  readonly theme: string;
  readonly maxWords: number;
  readonly language: string;
}

/** Scores each quote against the brief; the order stays. See libs/scoring for the parts. */
export function scoreAnswer(texts: readonly string[], brief: AnswerBrief): ScoredQuote[] {
  return texts.map((text) => {
    const { score, parts } = scoreQuote(text, brief);
    return { text, quality: { score, parts: { ...parts } } };
  });
}
