import { splitSentences } from '../text/split-sentences.ts';
import { splitWords } from '../text/tokenize.ts';

const finished = /[.!?…。！？]["'”’»)\]]*$/u;
const brokenOff =
  /(?:[,;:–—-]|\b(?:and|or|but|the|a|an|of|to|with|for|in|that|because|is|are|as|than|if|when|my|your|our|their))[.…]*["'”’»)\]]*$/iu;
const markup = /^\s*(?:[-*•#>]|\d{1,3}[.)]\s)|\*\*|__|```|https?:\/\/|<[a-z/][^<>]{0,80}>|[{}]/iu;

/**
 * Measures whether a text is one finished sentence or more, well punctuated; 0 without a word.
 *
 * Each fault takes its share: a missing end or one broken off in mid-sentence (the commonest fault of a model stopped at its
 * bound of tokens), a small first letter, capitals throughout, unpaired quotation marks or brackets, markup, shouting
 * punctuation. The list is what editors of quotation books set right first; the shares are ours.
 */
export function scoreForm(text: string): number {
  const trimmed = text.trim();
  const words = splitWords(trimmed);
  if (words.length === 0) return 0;
  let score = 1;
  if (!finished.test(trimmed)) score *= 0.55;
  if (brokenOff.test(trimmed)) score *= 0.5;
  if (/^["'“‘«¿¡(]*\p{Ll}/u.test(trimmed)) score *= 0.8;
  if (isShouted(words)) score *= 0.4;
  if (hasUnpaired(trimmed)) score *= 0.8;
  if (markup.test(trimmed)) score *= 0.5;
  if (/[!?]{2,}/u.test(trimmed)) score *= 0.7;
  if (splitSentences(trimmed).length > 4) score *= 0.8;
  return score * Math.min(1, letterShare(trimmed) / 0.7);
}

function isShouted(words: readonly string[]): boolean {
  const cased = words.filter((word) => word.length > 1 && /\p{Lu}|\p{Ll}/u.test(word));
  return cased.length > 1 && cased.filter((word) => !/\p{Ll}/u.test(word)).length / cased.length > 0.5;
}

function hasUnpaired(text: string): boolean {
  const count = (mark: string): number => text.split(mark).length - 1;
  return (
    count('"') % 2 === 1 || count('“') !== count('”') || count('(') !== count(')') || count('[') !== count(']') || count('«') !== count('»')
  );
}

/** The share of letters and marks in what is neither space nor plain punctuation of prose. */
function letterShare(text: string): number {
  const visible = text.match(/[^\s.,;:!?'"’“”‘—–…-]/gu) ?? [];
  return visible.filter((sign) => /[\p{L}\p{M}]/u.test(sign)).length / Math.max(1, visible.length);
}
