const masked = '[redacted]';

const depthMax = 6;
const nodesMax = 1_000;
const textLengthMax = 8_192;

/** Names, in lower case without separators, whose values never reach a log. */
const secretNames = new Set([
  'accesskey',
  'apikey',
  'audio',
  'auth',
  'authorization',
  'body',
  'completion',
  'connectionstring',
  'content',
  'cookie',
  'credential',
  'credentials',
  'databaseurl',
  'email',
  'emailaddress',
  'jwt',
  'passphrase',
  'password',
  'passwordhash',
  'privatekey',
  'prompt',
  'prompts',
  'recoverycodes',
  'redisurl',
  'secret',
  'segments',
  'setcookie',
  'smtpurl',
  'text',
  'texts',
  'token',
  'totpcode',
  'transcript',
  'transcription',
]);
const secretEndings = ['apikey', 'authorization', 'cookie', 'credential', 'password', 'privatekey', 'secret', 'token'];

/** Values that are secret wherever they stand. Each pattern is linear: it has a fixed beginning, or bounded repeats. */
const secretPatterns: readonly (readonly [marker: string, pattern: RegExp, replacement: string])[] = [
  ['://', /:\/\/[^\s/@'"]{1,256}@/g, `://${masked}@`],
  ['earer ', /\bbearer +[\w.~+/=-]{1,4096}/gi, `Bearer ${masked}`],
  ['eyJ', /\beyJ[\w-]{4,4096}\.[\w-]{2,4096}(?:\.[\w-]{0,4096})?/g, masked],
  // API keys, and the tokens of sessions and mails: qm_, qmr_, qmm_ and so on.
  ['qm', /\bqm[a-z]?_\w[\w.-]{7,512}/g, masked],
  ['sk-', /\bsk-[\w-]{16,512}/g, masked],
  ['@', /[^\s@<>"'`,;:()[\]{}=/\\]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/gu, masked],
];

/** Masks e-mail addresses, bearer tokens, JWTs, API keys and passwords in URLs; cuts what is longer than 8,192 characters. */
export function maskText(text: string): string {
  let result = text.length > textLengthMax ? `${text.slice(0, textLengthMax)}…` : text;
  for (const [marker, pattern, replacement] of secretPatterns) {
    if (result.includes(marker)) result = result.replace(pattern, replacement);
  }
  return result;
}

/**
 * Copies log fields without their secrets: values under secret names at any depth, and secrets inside strings.
 *
 * Bounded: 6 levels deep and 1,000 values in all; what lies beyond is left out with a mark. Errors become plain objects with
 * `type`, `message`, `stack`, `cause`, and for an AppError `code`; bytes become their length.
 */
export function maskFields(fields: object): Record<string, unknown> {
  return copyEntries(Object.entries(fields), 0, { left: nodesMax });
}

interface Budget {
  left: number;
}

function copyEntries(entries: Iterable<[string, unknown]>, depth: number, budget: Budget): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    if (value === undefined || typeof value === 'function') continue;
    if (budget.left <= 0) {
      copy['truncated'] = true;
      break;
    }
    copy[name] = value !== null && isSecretName(name) ? masked : copyValue(value, depth, budget);
  }
  return copy;
}

function copyValue(value: unknown, depth: number, budget: Budget): unknown {
  budget.left -= 1;
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint' || typeof value === 'symbol') return value.toString();
  if (typeof value === 'function') return undefined;
  return typeof value === 'object' && value !== null ? copyObject(value, depth + 1, budget) : value;
}

function copyObject(value: object, depth: number, budget: Budget): unknown {
  if (depth > depthMax) return '[deeper]';
  if (value instanceof Error) return copyError(value, depth, budget);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') return copyValue((value.toJSON as () => unknown)(), depth, budget);
  if (value instanceof Map)
    return copyEntries(
      [...value].map(([key, entry]) => [String(key), entry as unknown]),
      depth,
      budget,
    );
  if (Array.isArray(value) || value instanceof Set) return copyList(value as Iterable<unknown>, depth, budget);
  return copyEntries(Object.entries(value), depth, budget);
}

function copyList(values: Iterable<unknown>, depth: number, budget: Budget): unknown[] {
  const copy: unknown[] = [];
  for (const value of values) {
    if (budget.left <= 0) {
      copy.push('[more]');
      break;
    }
    copy.push(copyValue(value, depth, budget));
  }
  return copy;
}

function copyError(error: Error, depth: number, budget: Budget): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  const head = {
    type: error.name,
    message: maskText(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: maskText(error.stack) }),
  };
  budget.left -= 4;
  const rest: [string, unknown][] = [['cause', error.cause]];
  if (error instanceof AggregateError) rest.push(['errors', error.errors]);
  return { ...head, ...copyEntries(rest, depth, budget) };
}

function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replaceAll(/[_-]/g, '');
  return secretNames.has(plain) || secretEndings.some((ending) => plain.endsWith(ending));
}
