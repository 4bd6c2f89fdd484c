import type { GenerateQuotesRequest } from '@quotemaster/contract/quote';
import { requireLine, requireText } from '../domain/owned-text.ts';
import type { QuoteWish } from '../domain/prompt.ts';

/** Reads what a request asks for; the contract's own limits have been checked before. */
export function toWish(request: GenerateQuotesRequest): QuoteWish {
  const line = (field: 'tone' | 'style' | 'theme' | 'audience'): string | undefined => {
    const value = request[field];
    return value === undefined ? undefined : requireLine(field, value);
  };
  return {
    prompt: requireText('prompt', request.prompt),
    count: request.count ?? 1,
    tone: line('tone'),
    style: line('style'),
    theme: line('theme'),
    audience: line('audience'),
    language: request.language,
    maxWords: request.maxWords,
  };
}
