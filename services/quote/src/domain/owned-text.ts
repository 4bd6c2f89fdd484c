import { AppError, commonErrors } from '@quotemaster/errors';

/** In characters (code points); the contract's limit for quotes that people bring. */
const textLengthMax = 2000;

// Control characters mean nothing in a quote, and Postgres can't hold U+0000 at all.
// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f]/;
// eslint-disable-next-line no-control-regex
const controlsButLineEnds = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f]/;

/**
 * Trims a text that may have several lines: a quote or a prompt.
 * @throws AppError `common.invalid_request` when nothing is left or it holds control characters.
 */
export function requireText(field: string, text: string): string {
  // A tab comes along with pasted words, and means a space.
  return requireVisible(field, text.replaceAll('\t', ' '), controlsButLineEnds);
}

/**
 * Trims a text of one line: a tag, a name, a filter.
 * @throws AppError `common.invalid_request` when nothing is left or it holds control characters.
 */
export function requireLine(field: string, text: string): string {
  return requireVisible(field, text, controls);
}

/** Tells whether a model's text can be stored as a quote. */
export function isStorableText(text: string): boolean {
  return text !== '' && Array.from(text).length <= textLengthMax && !controlsButLineEnds.test(text);
}

/** Trims each tag and drops repeated ones; the order stays. */
export function requireTags(tags: readonly string[]): string[] {
  return [...new Set(tags.map((tag, index) => requireLine(`tags[${String(index)}]`, tag)))];
}

function requireVisible(field: string, text: string, refused: RegExp): string {
  const trimmed = text.trim();
  if (trimmed === '') throw invalid(field, 'must not be blank');
  if (refused.test(trimmed)) throw invalid(field, 'must not contain control characters');
  return trimmed;
}

function invalid(field: string, message: string): AppError {
  return new AppError(commonErrors.invalidRequest, { fields: [{ field, message }] });
}
