import { countWords } from './count-words.ts';
import type { Tone } from './tones.ts';

/**
 * One way to build a quote.
 *
 * `form` is English with slots in braces. A slot names a list of the theme (`{does}`), of the second theme (`{otherDoes}`), of the
 * tone (`{coda}`), or the prompt's own noun (`{key}`); `{virtue}` is the theme's noun in a form that only fits virtues; a 2 at its end takes another phrase of the same list. Sentences get
 * their capitals and last stop when the form is filled.
 */
export interface Pattern {
  /** `family/name`, unique. */
  readonly id: string;
  readonly family: Family;
  readonly form: string;
  /** Tones it suits; none means that it suits them all alike. */
  readonly tones: readonly Tone[];
  /** How often it is wanted beside the others, 1 unless said; a third of that for forms with a single choice, which soon repeat themselves. */
  readonly weight: number;
  /** With a word in each slot. */
  readonly wordsMin: number;
  readonly needs: { readonly virtue: boolean; readonly otherVirtue: boolean; readonly coda: boolean };
}

export type Family =
  | 'advice'
  | 'antithesis'
  | 'bargain'
  | 'company'
  | 'definition'
  | 'image'
  | 'keyed-event'
  | 'keyed-person'
  | 'keyed-thing'
  | 'paradox'
  | 'place'
  | 'question'
  | 'scene'
  | 'short'
  | 'turn';

/** Reads a family's table: name, form, tones it suits, weight. */
export function family(
  name: Family,
  table: readonly (readonly [id: string, form: string, tones?: readonly Tone[], weight?: number])[],
): Pattern[] {
  return table.map(([id, form, tones = [], weight = 1]) => ({
    id: `${name}/${id}`,
    family: name,
    form,
    tones,
    weight: choicesIn(form) === 1 ? weight / 3 : weight,
    wordsMin: countWords(form),
    needs: { virtue: form.includes('{virtue}'), otherVirtue: form.includes('{otherVirtue}'), coda: form.includes('{coda}') },
  }));
}

/** How many phrases are chosen for a form; the halves of a pair are one choice, and names are none. */
function choicesIn(form: string): number {
  const slots = form.match(/\{[A-Za-z]+2?\}/gu) ?? [];
  return slots.filter((slot) => !noChoice.has(slot)).length;
}

const noChoice: ReadonlySet<string> = new Set(
  ['noun', 'virtue', 'shadow', 'bearers', 'other', 'otherVirtue', 'key', 'aKey', 'theKey', 'but', 'answer'].map((slot) => `{${slot}}`),
);
