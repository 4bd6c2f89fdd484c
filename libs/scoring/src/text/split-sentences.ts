const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Splits a text into its sentences, trimmed, in order (UAX #29); a last one without a full stop counts. */
export function splitSentences(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment.trim()).filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

/** Splits a text into its clauses at commas, semicolons, colons, dashes and the ends of sentences. */
export function splitClauses(text: string): string[] {
  return text
    .split(/[,;:.!?…—–、。，；：！？]+|\s-\s/u)
    .map((clause) => clause.trim())
    .filter((clause) => /[\p{L}\p{N}]/u.test(clause));
}
