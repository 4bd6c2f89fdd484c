/** What a quote was written for. What is absent or empty is not measured. */
export interface ScoringBrief {
  readonly prompt?: string;
  readonly tone?: string;
  readonly theme?: string;
  /** 0 sets no bound. */
  readonly maxWords?: number;
  /** BCP 47; measures that rest on English words are left out, or give no malus, for other languages. */
  readonly language?: string;
}

/** Tells whether the brief asks for English, as it does where it names no language. */
export function isEnglish(brief: ScoringBrief): boolean {
  const { language = '' } = brief;
  return language === '' || /^en(?:[-_]|$)/iu.test(language);
}
