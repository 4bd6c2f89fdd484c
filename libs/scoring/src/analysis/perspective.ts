import { listOf } from '../text/stem.ts';
import { judge } from './trait.ts';
import type { Trait } from './trait.ts';

const self = new Set(listOf("i i'm i've i'll i'd me my mine myself we we're we've we'll us our ours ourselves"));
const other = new Set(
  listOf(`you you're you've you'll your yours yourself he he's she she's him her his hers they they're them their theirs someone everyone
    others people friend friends neighbor stranger child children mother father man woman`),
);

/**
 * Judges whom a text speaks of: self (first person), other (second and third), or the world, where no person is named.
 *
 * Pronouns are the steadiest mark of where attention lies (Pennebaker, The Secret Life of Pronouns, 2011). The world has one
 * word of evidence to begin with, so that a text without any pronoun is about the world, though not surely.
 */
export function judgePerspective(words: readonly string[]): Trait {
  const count = (set: ReadonlySet<string>): number => words.filter((word) => set.has(word)).length;
  return judge({ world: 1, other: 1.5 * count(other), self: 1.5 * count(self) });
}
