import { listOf } from '../text/stem.ts';

const negations: ReadonlySet<string> = new Set(
  listOf(`no not never none nobody nothing neither nor nowhere without hardly scarcely cannot can't don't doesn't didn't isn't aren't
    wasn't weren't won't wouldn't shouldn't couldn't hasn't haven't hadn't ain't lack lacks`),
);

/** How many words back a negation reaches, as in VADER (Hutto and Gilbert, 2014). */
const reach = 3;

/** Tells whether the word at `index` stands under a negation. "Not only" negates nothing. */
export function isNegated(words: readonly string[], index: number): boolean {
  for (let at = Math.max(0, index - reach); at < index; at += 1) {
    if (negations.has(words[at] ?? '') && words[at + 1] !== 'only') return true;
  }
  return false;
}
