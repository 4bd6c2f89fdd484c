import type { ProviderBrief } from '../provider.ts';
import { createChooser, createRecall } from './chooser.ts';
import type { Chooser, Recall } from './chooser.ts';
import { countWords } from './count-words.ts';
import { fillForm } from './fill-form.ts';
import type { Material } from './fill-form.ts';
import { findKeyNouns } from './key-noun.ts';
import type { KeyNoun } from './key-noun.ts';
import { matchThemes } from './match-themes.ts';
import type { ThemeMatch } from './match-themes.ts';
import type { Family, Pattern } from './pattern.ts';
import { patterns } from './patterns.ts';
import type { Theme } from './theme.ts';
import { themes } from './themes.ts';
import { nearestTones, plainTones } from './tones.ts';
import type { Tone } from './tones.ts';

/** What the composer makes of a brief, besides chance. */
interface Plan {
  readonly matches: readonly ThemeMatch[];
  readonly keys: readonly KeyNoun[];
  readonly tones: readonly Tone[];
  readonly maxWords: number;
}

/** Without a bound quotes stay sayable in a breath or two. */
const wordsByChoice = 32;
/** Tries before the bound of words is met by the shortest sentence there is. */
const triesMax = 60;
/** How much oftener a pattern is used that suits the tone, and how much less one that was used lately. */
const toneFactor = 4;
const usedLatelyFactor = 0.01;
/** How often a quote is about a theme near the one asked for. */
const nearShare = 0.08;
/** How much more patterns with the prompt's own noun weigh. */
const keyedFactor = 3;

const keyedFamilies: Readonly<Record<KeyNoun['kind'], Family>> = {
  event: 'keyed-event',
  person: 'keyed-person',
  stuff: 'keyed-thing',
  thing: 'keyed-thing',
};

/** Up to here short forms do most of the work. */
const tightWords = 8;
const tightFactor = 5;

/**
 * Composes `brief.count` English quotes, no two alike and as far as can be of different patterns, each of at most
 * `brief.maxWords` words.
 *
 * All chance comes from `random`, in [0, 1): the same numbers give the same quotes. `recall`, where given, keeps from call to
 * call what was used, so that the next quotes are made of something else.
 */
export function compose(brief: ProviderBrief, random: () => number, recall: Recall = createRecall(200)): string[] {
  const chooser = createChooser(random, recall);
  const plan: Plan = {
    matches: matchThemes(brief),
    keys: findKeyNouns(brief.prompt),
    tones: nearestTones(brief.tone, brief.style),
    maxWords: brief.maxWords > 0 ? brief.maxWords : wordsByChoice,
  };
  const quotes: string[] = [];
  while (quotes.length < brief.count) quotes.push(composeOne(plan, chooser, quotes));
  return quotes;
}

function composeOne(plan: Plan, chooser: Chooser, before: readonly string[]): string {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const material = chooseMaterial(plan, chooser);
    const pattern = choosePattern(plan, material, chooser);
    const { text, phrases } = fillForm(pattern, material, plan.maxWords, chooser);
    if (countWords(text) > plan.maxWords || before.includes(text) || chooser.usedLately(text)) continue;
    chooser.remember([pattern.id, text, ...phrases]);
    return text;
  }
  return shortest(plan, chooser, before);
}

/** Mostly the brief's themes, the second beside them; now and then one that is near. */
function chooseMaterial(plan: Plan, chooser: Chooser): Material {
  const asked = chooser.weigh(plan.matches, ({ weight }) => weight ** 2)?.theme ?? firstTheme;
  const theme = chooser.random() < nearShare ? (chooser.weigh(nearTo(asked), () => 1) ?? asked) : asked;
  const beside = plan.matches.map((match) => match.theme);
  const others = [...nearTo(theme), ...beside].filter(({ noun }) => noun !== theme.noun);
  const other = chooser.weigh(others, () => 1) ?? firstTheme;
  const tone = chooser.weigh(plan.tones.length > 0 ? plan.tones : plainTones, () => 1) ?? 'calm';
  return { theme, other, tone, key: chooser.weigh(plan.keys, () => 1) };
}

function nearTo(theme: Theme): Theme[] {
  return themes.filter(({ noun }) => theme.near.includes(noun));
}

function choosePattern(plan: Plan, { theme, other, key, tone }: Material, chooser: Chooser): Pattern {
  const keyed = key === undefined ? undefined : keyedFamilies[key.kind];
  const weightOf = (pattern: Pattern): number => {
    if (pattern.family.startsWith('keyed') && pattern.family !== keyed) return 0;
    if ((pattern.needs.virtue && !theme.isVirtue) || (pattern.needs.otherVirtue && !other.isVirtue)) return 0;
    if (pattern.wordsMin > plan.maxWords) return 0;
    const toned = plan.tones.length > 0 && suits(pattern, tone) ? toneFactor : 1;
    const tight = plan.maxWords <= tightWords && pattern.family === 'short' ? tightFactor : 1;
    const wanted = pattern.family === keyed ? keyedFactor : tight;
    return pattern.weight * toned * wanted * (chooser.usedLately(pattern.id) ? usedLatelyFactor : 1);
  };
  return chooser.weigh(patterns, weightOf) ?? firstPattern;
}

/** By its own list, or because it ends on a sentence of the tone. */
function suits(pattern: Pattern, tone: Tone): boolean {
  return pattern.tones.includes(tone) || pattern.needs.coda;
}

/** For bounds of one or two words, and for wishes that no pattern meets: the theme with one of its shortest verbs. */
function shortest({ matches, maxWords }: Plan, chooser: Chooser, before: readonly string[]): string {
  const options = [...matches.map(({ theme }) => theme), ...themes]
    .flatMap(({ noun, short }) => (maxWords === 1 ? [noun] : short.map((verb) => `${noun} ${verb}`)))
    .map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`)
    .filter((text) => countWords(text) <= maxWords);
  const text = chooser.pick(options.filter((option) => !before.includes(option)).slice(0, 12));
  chooser.remember([text]);
  return text;
}

const [firstTheme, firstPattern] = [firstOf<Theme>(themes), firstOf(patterns)];

function firstOf<Item>(items: readonly Item[]): Item {
  const [first] = items;
  if (first === undefined) throw new Error('The composer has no material.');
  return first;
}
