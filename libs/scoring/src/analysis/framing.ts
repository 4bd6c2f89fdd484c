import { stem, stemsOf } from '../text/stem.ts';
import { judge } from './trait.ts';
import type { Trait } from './trait.ts';

const growth = stemsOf(`
  learn grow growth become begin beginning change try practice improve effort step climb build rise risen bloom seed sprout forge
  train persist continue discover explore develop create start dare yet journey mend rebuild renew transform teach turn strengthen
`);
const fixed = stemsOf(`
  fate destiny doomed born talent gifted inborn inherent impossible hopeless forever unchangeable permanent cannot can't inevitable
  stuck unable incapable limit genius nature always remain
`);

/**
 * Judges how a text sees change: growth (ability comes of effort), fixed (it is given), or neutral, where it speaks of neither.
 *
 * The two views are Dweck's (Mindset, 2006); the words are ours. One word of evidence for neutral keeps a lone "begin" from
 * deciding with certainty.
 */
export function judgeFraming(words: readonly string[]): Trait {
  const count = (set: ReadonlySet<string>): number => words.filter((word) => set.has(stem(word))).length;
  return judge({ neutral: 1, growth: 1.5 * count(growth), fixed: 1.5 * count(fixed) });
}
