import { AppError, commonErrors } from '@quotemaster/errors';
import { analyseQuote } from './analyse-quote.ts';
import { requireLine, requireTags, requireText } from './owned-text.ts';
import type { Quote } from './quote.ts';
import { textHash } from './text-hash.ts';

const changeableFields = ['text', 'author', 'tags'] as const;
type ChangeableField = (typeof changeableFields)[number];

/** New values and the names of the fields that they are for; a named field without a value is cleared. */
export interface QuoteChange {
  readonly fields: readonly ChangeableField[];
  readonly text?: string | undefined;
  readonly author?: string | undefined;
  readonly tags: readonly string[];
}

/**
 * Reads the names of the fields to change.
 * @throws AppError `common.invalid_request` when there is none or one can't be changed.
 */
export function parseChangeableFields(paths: readonly string[]): ChangeableField[] {
  if (paths.length === 0) throw invalid('updateMask', `must name at least one of ${changeableFields.join(', ')}`);
  return paths.map((path) => {
    const field = changeableFields.find((name) => name === path);
    if (field === undefined) throw invalid(path, 'can not be changed');
    return field;
  });
}

/**
 * Gives the quote as it is after a change. A changed text is measured anew and marks the quote as edited; where it came
 * from does not change by that. The owner may name an author for any quote of theirs.
 * @throws AppError `common.invalid_request` for a value that can't be.
 */
export function changeQuote(quote: Quote, change: QuoteChange, now: Date): Quote {
  return change.fields.reduce<Quote>((changed, field) => ({ ...changed, ...changeField(quote, field, change) }), {
    ...quote,
    updatedAt: now,
  });
}

function changeField(quote: Quote, field: ChangeableField, change: QuoteChange): Partial<Quote> {
  switch (field) {
    case 'text':
      return changeText(quote, change.text);
    case 'author':
      return { author: change.author === undefined ? null : requireLine('author', change.author) };
    case 'tags':
      return { tags: requireTags(change.tags) };
  }
}

function changeText(quote: Quote, value: string | undefined): Partial<Quote> {
  if (value === undefined) throw invalid('text', 'can not be cleared');
  const text = requireText('text', value);
  if (text === quote.text) return {};
  return { text, textHash: textHash(text), edited: true, ...analyseQuote(text) };
}

function invalid(field: string, message: string): AppError {
  return new AppError(commonErrors.invalidRequest, { fields: [{ field, message }] });
}
