import { analyseQuote } from './analyse-quote.ts';
import { requireLine, requireTags, requireText } from './owned-text.ts';
import type { Quote } from './quote.ts';
import { textHash } from './text-hash.ts';

/**
 * Makes a quote of what a user wrote down.
 * @throws AppError `common.invalid_request` for a blank text, author or tag.
 */
export function ownQuote(
  words: { readonly text: string; readonly author?: string | undefined; readonly tags: readonly string[] },
  { id, userId, now }: { readonly id: string; readonly userId: string; readonly now: Date },
): Quote {
  const text = requireText('text', words.text);
  return {
    ...analyseQuote(text),
    id,
    userId,
    text,
    textHash: textHash(text),
    author: words.author === undefined ? null : requireLine('author', words.author),
    source: 'user',
    aiModel: null,
    tags: requireTags(words.tags),
    favorite: false,
    provenance: { kind: 'user' },
    edited: false,
    createdAt: now,
    updatedAt: now,
  };
}
