import { findNoun } from './nouns.ts';
import type { NounKind } from './nouns.ts';

/** A noun of the prompt, ready to stand in a sentence. Always singular. */
export interface KeyNoun {
  readonly kind: NounKind;
  /** The bare word: "garden". */
  readonly word: string;
  /** "a garden", or the bare word where it can't be counted. */
  readonly indefinite: string;
  /** "the garden". */
  readonly definite: string;
}

/** A thought's subject comes early; a word far into a long prompt is not what it is about. */
const wordsLookedAt = 60;
const determiners = new Set(['a', 'an', 'the', 'my', 'our', 'your', 'his', 'her', 'their', 'this', 'that']);
/** Words after which a noun phrase is over. */
const followers = new Set([
  'in',
  'on',
  'at',
  'for',
  'of',
  'with',
  'and',
  'or',
  'but',
  'that',
  'who',
  'when',
  'while',
  'after',
  'before',
  'from',
  'to',
  'is',
  'was',
  'by',
  'into',
  'under',
  'over',
]);
/** Words of requests rather than of thoughts, and words that follow a determiner without being nouns. */
const unfit = new Set(
  `quote quotes quotation sentence saying line lines text word words prompt instruction rule system message answer reply output poem model assistant author
  few lot lots kind sort way bit one ones same other others own past first last next best worst most least rest thing things someone somebody
  everyone world life feeling theme tone style topic secret password idea very more less rich poor old young new good bad`.split(/\s+/u),
);

/**
 * Finds the nouns of a prompt that can be woven into a sentence, in their order.
 *
 * A word counts when it is in the list of nouns, in plain lower case, or when its place in the prompt says that it is a
 * singular noun: after an article or possessive, with nothing behind it that it could belong to. Everything else is left out.
 */
export function findKeyNouns(prompt: string): KeyNoun[] {
  const tokens = (prompt.slice(0, 2000).match(/[\p{L}\p{N}'’-]+|[.,;:!?()"]/gu) ?? []).slice(0, wordsLookedAt);
  const found = tokens.flatMap((token, index) => {
    if (!/^[a-z]{3,16}$/u.test(token) || unfit.has(token)) return [];
    const known = findNoun(token);
    // "a patient woman", "the light": a listed word before another word may be its adjective, which does no harm here.
    if (known !== undefined) return [toKeyNoun(known.noun, known.kind)];
    return isNounByPlace(tokens, index) ? [toKeyNoun(token, 'thing')] : [];
  });
  return found.filter((noun, index) => found.findIndex(({ word }) => word === noun.word) === index);
}

function isNounByPlace(tokens: readonly string[], index: number): boolean {
  const [before = '', word = '', after = '.'] = [tokens[index - 1], tokens[index], tokens[index + 1]];
  if (!['a', 'an', 'my', 'our', 'your'].includes(before.toLowerCase())) return false;
  if (/(?:s|ed|ly|ing|ful|ous|ive|able|ible|less|ish|ness|ity|ment|ship|tion|sion|ance|ence|ism|hood)$/u.test(word)) return false;
  return !determiners.has(word) && (followers.has(after.toLowerCase()) || /^[.,;:!?)]$/u.test(after));
}

function toKeyNoun(word: string, kind: NounKind): KeyNoun {
  return { kind, word, definite: `the ${word}`, indefinite: kind === 'stuff' ? word : `${articleFor(word)} ${word}` };
}

/** By sound, as far as spelling tells: an hour, an umbrella, a university, a euro. */
function articleFor(word: string): 'a' | 'an' {
  if (/^(?:hour|honest|honou?r|heir)/u.test(word)) return 'an';
  if (/^(?:uni(?![mn])|use|usu|uku|eu|ewe|one|once)/u.test(word)) return 'a';
  return /^[aeiou]/u.test(word) ? 'an' : 'a';
}
