import { createHash } from 'node:crypto';

const openings = [
  'Patience',
  'A slow river',
  'The first step',
  'An honest no',
  'Grief',
  'A borrowed lamp',
  'Morning',
  'The smallest door',
  'A mended cup',
  'Hunger',
  'The long way home',
  'An unfinished letter',
  'Rain',
  'A quiet room',
  'The second try',
  'Old timber',
  'A stubborn seed',
  'The map you drew',
  'Silence',
  'A late apology',
];
const verbs = [
  'teaches',
  'outlasts',
  'forgives',
  'remembers',
  'carries',
  'asks for',
  'makes room for',
  'keeps',
  'returns',
  'measures',
  'unlocks',
  'steadies',
  'outgrows',
  'shelters',
  'tests',
  'sharpens',
];
const objects = [
  'what hurry never saw',
  'the hand that planted it',
  'a door left open',
  'the weight you named',
  'more sky than fear',
  'the road behind you',
  'a second winter',
  'the voice under the noise',
  'what you meant to say',
  'the stone in the shoe',
  'an ordinary Tuesday',
  'the courage of small hours',
  'whoever stays to listen',
  'the debt of yesterday',
  'a table set for one',
  'the work nobody praised',
  'every tide it met',
  'the child who asked why',
];
const endings = [
  'before it asks a thing in return',
  'and calls that enough',
  'long after the applause',
  'one plain day at a time',
  'without raising its voice',
  'while the kettle is still warm',
  'until the shore agrees',
  'and leaves the light on',
  'even when nobody is counting',
  'as bread does its hunger',
  'and lets the rest go by',
  'so that you may begin',
  'by the width of a breath',
  'with both hands open',
  'and never sends a bill',
  'in its own good weather',
];

const wordsOfNumbers: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, four: 4, five: 5 };

/** Reads how many quotes a prompt asks for ("Write one quote", "Write 3 quotes"); 1 where it does not say. */
export function wantedQuotes(prompt: string): number {
  const said = /\bwrite (one|two|three|four|five|\d{1,2}) quotes?\b/i.exec(prompt)?.[1]?.toLowerCase() ?? '1';
  return Math.min(10, Math.max(1, wordsOfNumbers[said] ?? Number(said)));
}

/** Writes so many lines, from some 92,000 by a hash of `seed`; the same seed gives the same lines, and no line twice. */
export function writeLines(count: number, seed: string): string {
  const lines = new Set<string>();
  for (let attempt = 0; lines.size < count; attempt += 1) {
    const digest = createHash('sha1')
      .update(`${seed}/${String(attempt)}`)
      .digest();
    const pick = (list: readonly string[], at: number): string => list[digest.readUInt16LE(at) % list.length] ?? '';
    lines.add(`${pick(openings, 0)} ${pick(verbs, 2)} ${pick(objects, 4)} ${pick(endings, 6)}.`);
  }
  return [...lines].join('\n');
}

/** Makes a value that a JSON Schema takes, as far as models are asked for one: objects, arrays, strings, numbers, enums. */
export function valueFor(schema: unknown, lines: readonly string[]): unknown {
  const {
    type,
    properties,
    items,
    enum: choices,
    minItems,
  } = (typeof schema === 'object' ? (schema ?? {}) : {}) as {
    type?: string;
    properties?: Record<string, unknown>;
    items?: unknown;
    enum?: readonly unknown[];
    minItems?: number;
  };
  if (choices !== undefined) return choices[0];
  switch (type) {
    case 'array':
      return Array.from({ length: Math.max(minItems ?? 0, lines.length) }, (_, index) => valueFor(items, [lines[index] ?? lines[0] ?? '']));
    case 'string':
      return lines[0] ?? '';
    case 'integer':
      return 1;
    case 'number':
      return 0.5;
    case 'boolean':
      return true;
    default:
      return Object.fromEntries(Object.entries(properties ?? {}).map(([name, value]) => [name, valueFor(value, lines)]));
  }
}

/** Cuts a text into the pieces in which it is streamed; put together they are the text. */
export function piecesOf(text: string): readonly string[] {
  return text.match(/\s*\S+\s*$|\s*\S+/gu) ?? (text === '' ? [] : [text]);
}
