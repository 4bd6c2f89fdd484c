import { listOf, stem } from '../text/stem.ts';
import { splitClauses } from '../text/split-sentences.ts';
import { tokenize } from '../text/tokenize.ts';

/** Words by which a sentence turns. */
const turns = /\b(?:not|never|no|nor|without|only|yet|but|rather|instead|unless|until|although|though|while|even)\b/u;
const likenesses = /\bas \w+ as\b|\b(?:is|are) the \w+ of\b|\blike (?:a|an|the)\b/u;
const comparatives = /^(?:more|less|fewer|worse|[a-z]{2,}er)$/u;
const opposites: readonly (readonly [string, string])[] = [
  'light dark',
  'light shadow',
  'day night',
  'morning evening',
  'begin end',
  'start finish',
  'first last',
  'rise fall',
  'open close',
  'give take',
  'lose find',
  'win lose',
  'ask answer',
  'question answer',
  'speak listen',
  'speech silence',
  'word silence',
  'noise silence',
  'old new',
  'young old',
  'near far',
  'small great',
  'small large',
  'little much',
  'slow fast',
  'slow quick',
  'strong weak',
  'soft hard',
  'gentle strong',
  'heavy light',
  'deep shallow',
  'high low',
  'root branch',
  'root wing',
  'seed tree',
  'seed harvest',
  'mountain valley',
  'river stone',
  'water stone',
  'sea shore',
  'storm calm',
  'fear courage',
  'doubt trust',
  'doubt faith',
  'hope fear',
  'joy sorrow',
  'love hate',
  'laugh weep',
  'friend enemy',
  'wise fool',
  'truth lie',
  'question certain',
  'leave stay',
  'leave return',
  'yesterday tomorrow',
  'past future',
  'today tomorrow',
  'remember forget',
  'hold release',
  'build break',
  'mend break',
  'whole broken',
  'full empty',
  'many one',
  'alone together',
  'hand heart',
  'mind heart',
  'map road',
  'door wall',
  'bridge wall',
  'winter spring',
  'fire ash',
  'teacher student',
  'success failure',
  'victory defeat',
  'freedom cage',
  'known unknown',
].map((pair) => listOf(pair).map(stem) as [string, string]);

/**
 * Measures rhythm and figure, 0..1: contrast, comparison, parallel clauses, balance of their lengths, sounds that chime. A
 * plain sentence has 0.35; 0 without a word.
 *
 * These are the figures that classical rhetoric names antithesis, simile, isocolon, anaphora and alliteration; McGlone and
 * Tofighbakhsh (Birds of a feather flock conjointly, 2000) found that form alone makes an aphorism ring truer.
 */
export function scoreRhythm(text: string): number {
  const words = tokenize(text);
  if (words.length === 0) return 0;
  const plain = words.join(' ');
  const stems = new Set(words.map(stem));
  const clauses = splitClauses(text).map(tokenize);
  let score = 0.35;
  if (turns.test(plain)) score += 0.15;
  if (likenesses.test(plain) || compares(words)) score += 0.15;
  if (opposites.some(([a, b]) => stems.has(a) && stems.has(b))) score += 0.15;
  if (clauses.length > 1) {
    score += 0.15 * balance(clauses);
    if (hasParallel(clauses)) score += 0.15;
  }
  if (chimes(words)) score += 0.1;
  return score;
}

/** "Softer than stone". */
function compares(words: readonly string[]): boolean {
  return words.slice(0, Math.max(0, words.lastIndexOf('than'))).some((word) => comparatives.test(word));
}

/** 1 where clauses are of one length, towards 0 where one outweighs the rest. */
function balance(clauses: readonly (readonly string[])[]): number {
  const lengths = clauses.map((clause) => clause.length);
  return Math.min(...lengths) / Math.max(...lengths);
}

function hasParallel(clauses: readonly (readonly string[])[]): boolean {
  return clauses.some((clause, index) => {
    const before = clauses[index - 1];
    return before !== undefined && (clause[0] === before[0] || clause.at(-1) === before.at(-1));
  });
}

/** Two long words near each other that begin with the same consonant. */
function chimes(words: readonly string[]): boolean {
  const heavy = words.filter((word) => word.length > 3);
  return heavy.some((word, index) => {
    const next = heavy[index + 1];
    return next !== undefined && word !== next && word[0] === next[0] && /[^aeiouwt]/u.test(word.slice(0, 1));
  });
}
