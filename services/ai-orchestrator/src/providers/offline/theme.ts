/**
 * What the composer can say about one theme.
 *
 * Every phrase of a list fits every sentence pattern that has a slot for the list, so the lists hold to a grammar: they start
 * in lower case (but for "I"), bear no full stop, and speak to "you". `noun` and `shadow` are mass nouns, used without an article.
 */
export interface Theme {
  readonly noun: string;
  /** Whether one can have it, bring it and practise it, like patience, rather than meet it, like time. */
  readonly isVirtue: boolean;
  /** What the theme has to overcome, or is mistaken for. */
  readonly shadow: string;
  /** Those who have it, in the plural: "the brave". */
  readonly bearers: string;
  /** Word stems by which a prompt is known to be about the theme; a word matches when it starts with one. */
  readonly stems: readonly string[];
  /** Nouns of themes to think of together with this one. */
  readonly near: readonly string[];
  /** What the theme does, third person: "counts in seasons". */
  readonly does: readonly string[];
  /** The same in one or two words. */
  readonly short: readonly string[];
  readonly shadowDoes: readonly string[];
  /** What the theme is, a noun phrase with its article. */
  readonly image: readonly string[];
  /** Small things to do, imperative, with one verb in front. */
  readonly act: readonly string[];
  /** Whole clauses that can stand alone and after "that". */
  readonly truth: readonly string[];
  /** A common belief, and the clause that answers it. */
  readonly turn: readonly Pair[];
  /** A question, and its answer as a sentence without the stop. */
  readonly ask: readonly Pair[];
  /** Somebody doing something, a noun phrase with a participle. */
  readonly scene: readonly string[];
  /** Where it is found: fits after "lives", "begins" and "waits". */
  readonly place: readonly string[];
  /** What it leaves behind, a noun phrase. */
  readonly gift: readonly string[];
  /** What it asks for, a noun phrase. */
  readonly price: readonly string[];
  /** A moment that calls for it: a clause with "when". */
  readonly when: readonly string[];
}

/** Two clauses that belong together. */
export type Pair = readonly [string, string];

/** Reads a list written one phrase a line. */
export function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Reads pairs written one a line, with " | " between the two. */
export function pairs(text: string): Pair[] {
  return lines(text).map((line) => {
    const [first = '', second = ''] = line.split(' | ');
    return [first, second];
  });
}
