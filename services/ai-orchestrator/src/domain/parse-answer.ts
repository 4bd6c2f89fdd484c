/** A longer text is no quote, whatever it is; in UTF-16 units. */
const quoteLengthMax = 2_000;

/**
 * Reads the quotes of an answer, in its order, each once, trimmed and without quotation marks around it.
 *
 * The form asked for is one quote a line; `{"quotes": [{"text": "…"}]}` is read too, fenced or not. Numbers, bullets, a name
 * put under a quote, headings and lines without a letter are dropped. Empty where nothing can be read.
 */
export function parseAnswer(text: string): string[] {
  const bare = text.replaceAll(/^[ \t]*```[a-z]*[ \t]*$/gimu, '').trim();
  const lines = isJson(bare) ? readJson(bare) : bare.split(/[\r\n\u2028\u2029]+/u).filter((line) => !isHeading(line));
  const quotes = lines
    .filter((line) => line.length <= quoteLengthMax)
    .map(cleanLine)
    .filter((line) => /\p{L}/u.test(line));
  return [...new Set(quotes)];
}

/** Takes the marks of a list off the beginning of a line. */
export function dropListMark(line: string): string {
  return line.replace(/^\s*(?:[-*•–—]\s+|\(?\d{1,2}[.):]\s+)/u, '');
}

function isJson(text: string): boolean {
  return /^(?:\{|\[\s*[{"\]])/u.test(text);
}

/** Gives the texts, or none for JSON of another shape or none at all. */
function readJson(text: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // A broken answer is one without quotes: what happens then is checkAnswer's to say.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  const list = Array.isArray(value) ? (value as unknown[]) : propertyOf(value, 'quotes');
  if (!Array.isArray(list)) return [];
  return (list as unknown[]).flatMap((item) => {
    const quote = typeof item === 'string' ? item : propertyOf(item, 'text');
    return typeof quote === 'string' ? [quote.replaceAll(/\s+/gu, ' ')] : [];
  });
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** "Here are three quotes:", "## Quotes". */
function isHeading(line: string): boolean {
  return /^\s*#{1,6}\s|:\s*$/u.test(line);
}

function cleanLine(line: string): string {
  const unmarked = dropListMark(line).trim();
  // A name under a quote follows its end: a full stop or a closing mark, then a dash.
  const nameless = unmarked.replace(/(?<=[.!?…"”»])\s*(?:[—–]|--?)\s*\p{Lu}[\p{L}\p{M}.'’ -]{0,60}[\p{L}\p{M}]$/u, '');
  return dropQuotationMarks(nameless.trim());
}

/** Drops marks that stand around the whole; not those of "Yes" and "no" in a sentence. */
function dropQuotationMarks(text: string): string {
  for (const [open, close] of [
    ['"', '"'],
    ['“', '”'],
    ['«', '»'],
    ['„', '“'],
    ['‘', '’'],
    ["'", "'"],
  ] as const) {
    const inner = text.slice(1, -1);
    if (text.length > 2 && text.startsWith(open) && text.endsWith(close) && !inner.includes(open) && !inner.includes(close))
      return inner.trim();
  }
  return text;
}
