/** A provider that asks for longer is asked again after this long all the same: limits are raised, and clocks differ. */
const waitMaxMs = 3_600_000;

/**
 * Reads how long a provider asks to be left alone, in milliseconds; undefined where it does not say.
 *
 * `retry-after-ms` (Azure) goes before `retry-after` (seconds, or a date), and both before the resets of the limits that are
 * used up: durations such as `6m0s` from OpenAI and Azure, times in RFC 3339 from Anthropic. Azure's -1 means that it does not know.
 */
export function readRetryAfterMs(headers: { get(name: string): string | null }, now: number): number | undefined {
  const wait = readMs(headers.get('retry-after-ms')) ?? readRetryAfter(headers.get('retry-after'), now) ?? readResets(headers, now);
  return wait === undefined ? undefined : Math.min(Math.max(0, Math.ceil(wait)), waitMaxMs);
}

function readMs(text: string | null): number | undefined {
  return text !== null && /^\d{1,12}(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function readRetryAfter(text: string | null, now: number): number | undefined {
  const seconds = readMs(text);
  if (seconds !== undefined) return seconds * 1_000;
  return readTime(text, now);
}

/** Milliseconds from now to a date; undefined for what is none. */
export function readTime(text: string | null, now: number): number | undefined {
  const time = text === null || !/^[A-Za-z]{3},|^\d{4}-/.test(text) ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}

/** The names under which providers tell of their limits. */
export const limitHeaders = [
  ...['requests', 'tokens'].map((unit) => ({
    limit: `x-ratelimit-limit-${unit}`,
    remaining: `x-ratelimit-remaining-${unit}`,
    reset: `x-ratelimit-reset-${unit}`,
  })),
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].map((unit) => ({
    limit: `anthropic-ratelimit-${unit}-limit`,
    remaining: `anthropic-ratelimit-${unit}-remaining`,
    reset: `anthropic-ratelimit-${unit}-reset`,
  })),
];

/** The longest wait among the limits of which nothing is left. */
function readResets(headers: { get(name: string): string | null }, now: number): number | undefined {
  const waits = limitHeaders.flatMap(({ remaining, reset }) => {
    if (headers.get(remaining) !== '0') return [];
    const text = headers.get(reset);
    return [readTime(text, now) ?? readDuration(text)].filter((wait) => wait !== undefined);
  });
  return waits.length === 0 ? undefined : Math.max(...waits);
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads `1h2m3.5s`, `20ms`. Undefined for anything else, 0 and -1 among it. */
export function readDuration(text: string | null): number | undefined {
  if (text === null || !/^(?:\d{1,9}(?:\.\d+)?(?:ms|[smhd]))+$/.test(text)) return undefined;
  const total = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0),
    0,
  );
  return total === 0 ? undefined : total;
}
