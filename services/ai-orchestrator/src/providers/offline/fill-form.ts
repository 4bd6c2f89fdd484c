import type { Chooser } from './chooser.ts';
import { countWords } from './count-words.ts';
import { toGerund } from './gerund.ts';
import type { KeyNoun } from './key-noun.ts';
import type { Pattern } from './pattern.ts';
import type { Pair, Theme } from './theme.ts';
import { codas } from './tones.ts';
import type { Tone } from './tones.ts';

/** What the slots of a form are filled from. */
export interface Material {
  readonly theme: Theme;
  readonly other: Theme;
  readonly key: KeyNoun | undefined;
  readonly tone: Tone;
}

interface FilledForm {
  readonly text: string;
  /** The phrases that were chosen for it. */
  readonly phrases: readonly string[];
}

type PhraseList = 'act' | 'does' | 'gift' | 'image' | 'place' | 'price' | 'scene' | 'shadowDoes' | 'short' | 'truth' | 'when';
const phraseLists: ReadonlySet<string> = new Set<PhraseList>([
  'act',
  'does',
  'gift',
  'image',
  'place',
  'price',
  'scene',
  'shadowDoes',
  'short',
  'truth',
  'when',
]);

/**
 * Fills a pattern's form and sets its capitals and last stop.
 *
 * Phrases are chosen so that the whole stays within `wordsMax`, where the lists have any so short.
 * @throws Error for a slot that doesn't exist.
 */
export function fillForm(
  { form, wordsMin }: Pick<Pattern, 'form' | 'wordsMin'>,
  material: Material,
  wordsMax: number,
  chooser: Chooser,
): FilledForm {
  const phrases: string[] = [];
  let wordsLeft = wordsMax - wordsMin;
  const choose = (options: readonly string[]): string => {
    // The slot's own word is counted already.
    const fitting = options.filter((option) => countWords(option) - 1 <= wordsLeft);
    const phrase = chooser.pick(fitting.length > 0 ? fitting : options, phrases);
    wordsLeft -= countWords(phrase) - 1;
    phrases.push(phrase);
    return phrase;
  };
  const choosePair = (options: readonly Pair[]): Pair => {
    const first = choose(options.map(([opening]) => opening));
    return options.find(([opening]) => opening === first) ?? ['', ''];
  };
  const pairsChosen = new Map<'ask' | 'turn', Pair>();
  const half = (list: 'ask' | 'turn', which: 0 | 1): string => {
    const pair = pairsChosen.get(list) ?? choosePair(material.theme[list]);
    pairsChosen.set(list, pair);
    return pair[which];
  };

  const filled = form.replaceAll(/\{([A-Za-z]+)2?\}/gu, (_, slot: string) => {
    switch (slot) {
      case 'noun':
      case 'shadow':
      case 'bearers':
        return material.theme[slot];
      case 'virtue':
        return material.theme.noun;
      case 'other':
      case 'otherVirtue':
        return material.other.noun;
      case 'acting':
        return toGerund(choose(material.theme.act.filter((act) => !/,| and /u.test(act))));
      case 'coda':
        return choose(codas[material.tone]);
      case 'lie':
        return half('turn', 0);
      case 'but':
        return half('turn', 1);
      case 'ask':
        return half('ask', 0);
      case 'answer':
        return half('ask', 1);
      case 'key':
        return keyOf(material).word;
      case 'aKey':
        return keyOf(material).indefinite;
      case 'theKey':
        return keyOf(material).definite;
      default:
        return choose(listFor(slot, material));
    }
  });
  return { text: punctuate(filled), phrases };
}

function listFor(slot: string, material: Material): readonly string[] {
  const own = isPhraseList(slot) ? material.theme[slot] : undefined;
  const otherSlot = slot.replace(/^other([A-Z])/u, (_, letter: string) => letter.toLowerCase());
  const list = own ?? (slot !== otherSlot && isPhraseList(otherSlot) ? material.other[otherSlot] : undefined);
  if (list === undefined) throw new Error(`A form has the slot {${slot}}, which doesn't exist.`);
  return list;
}

function isPhraseList(slot: string): slot is PhraseList {
  return phraseLists.has(slot);
}

function keyOf({ key }: Material): KeyNoun {
  if (key === undefined) throw new Error('A form with a key noun was chosen for a prompt without one.');
  return key;
}

/** Capitals at the start of each sentence, a stop at the end of the last. */
function punctuate(text: string): string {
  const capitalised = text.replaceAll(/(^|[.?!] )([a-z])/gu, (_, before: string, letter: string) => `${before}${letter.toUpperCase()}`);
  return /[.?!]$/u.test(capitalised) ? capitalised : `${capitalised}.`;
}
