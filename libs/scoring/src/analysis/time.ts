import { listOf } from '../text/stem.ts';
import { judge } from './trait.ts';
import type { Trait } from './trait.ts';

const past = new Set(
  listOf(`was were had did been yesterday ago once former remembered came went gave took made found knew said saw told thought felt kept
    left lost began became broke built bought brought caught chose fell fought forgot grew heard held learned led met ran sang sat
    sent slept spoke stood taught threw understood woke won wore wrote before history childhood`),
);
const future = new Set(
  listOf("will shall won't i'll we'll you'll he'll she'll they'll it'll tomorrow soon someday future tonight next eventually going"),
);
const present = new Set(listOf("now today am i'm tonight currently moment already here"));
const timeless = new Set(
  listOf('always never every everyone whoever whatever whenever is are means makes becomes nobody nothing all eternal forever'),
);

/**
 * Judges when a text lives: past, present, future, or timeless, as most aphorisms are.
 *
 * By adverbs of time, auxiliaries and irregular pasts, and regular ones by their -ed. The simple present of a maxim ("a river
 * knows") has no mark in English, so timeless begins with one word of evidence.
 */
export function judgeTime(words: readonly string[]): Trait {
  const count = (set: ReadonlySet<string>): number => words.filter((word) => set.has(word)).length;
  const regularPast = words.filter((word) => word.length > 4 && /[^e]ed$/u.test(word) && !/(?:need|seed|weed)$/u.test(word)).length;
  return judge({
    timeless: 1 + 0.5 * count(timeless),
    present: 1.5 * count(present),
    future: 1.5 * count(future),
    past: count(past) + 0.75 * regularPast,
  });
}
