import type { QualityParts, TextAnalysis } from '@quotemaster/scoring';

/** Where a quote can come from, as stored and as the API shows it. */
export const quoteSources = ['ai_generated', 'user', 'curated', 'voice'] as const;
export type QuoteSource = (typeof quoteSources)[number];

/** Where a quote comes from; the optional facts stand for `original-ai` only. */
export interface Provenance {
  readonly kind: 'original-ai' | 'user';
  readonly model?: string;
  /** The prompt template and its version, "quote/1". */
  readonly template?: string;
  /** ai-orchestrator's id of the decision that chose the model. */
  readonly decisionId?: string;
}

/** What is measured from a quote's words; computed anew whenever the words change. */
export interface Analysis {
  readonly emotionalTone: string;
  readonly emotions: TextAnalysis['emotions'];
  readonly sentimentScore: number;
  readonly qualityScore: number;
  readonly quality: QualityParts;
  readonly psychologicalProfile: TextAnalysis['psychologicalProfile'];
}

/** One quote of one user's. Times have millisecond precision, in the database too. */
export interface Quote extends Analysis {
  /** UUIDv7. */
  readonly id: string;
  readonly userId: string;
  readonly text: string;
  /** See textHash. */
  readonly textHash: string;
  readonly author: string | null;
  readonly source: QuoteSource;
  readonly aiModel: string | null;
  readonly tags: readonly string[];
  readonly favorite: boolean;
  readonly provenance: Provenance;
  /** The owner has changed the words of it since it was stored. */
  readonly edited: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
