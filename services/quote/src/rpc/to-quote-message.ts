import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { QuoteSchema } from '@quotemaster/contract/quote';
import type { Quote } from '../domain/quote.ts';

/** Shows a quote as the contract does. What is unknown is left out. */
export function toQuoteMessage(quote: Quote): MessageInitShape<typeof QuoteSchema> {
  return {
    id: quote.id,
    text: quote.text,
    ...(quote.author === null ? {} : { author: quote.author }),
    source: quote.source,
    ...(quote.aiModel === null ? {} : { aiModel: quote.aiModel }),
    emotionalTone: quote.emotionalTone,
    emotions: [...quote.emotions],
    sentimentScore: quote.sentimentScore,
    qualityScore: quote.qualityScore,
    quality: quote.quality,
    psychologicalProfile: quote.psychologicalProfile,
    tags: [...quote.tags],
    favorite: quote.favorite,
    provenance: quote.provenance,
    createdAt: timestampFromDate(quote.createdAt),
  };
}
