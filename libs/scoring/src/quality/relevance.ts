import { stopWords } from '../text/common-words.ts';
import { stem } from '../text/stem.ts';
import { tokenize } from '../text/tokenize.ts';
import type { ScoringBrief } from './brief.ts';
import { areNear } from './synonyms.ts';

/** Three shared subjects are as near as a single quote can come to a long prompt. */
const subjectsEnough = 3;
/** What a word of the same group counts beside the word itself. */
const nearWorth = 0.7;
/** Subjects looked at: a prompt of thousands of words is about its first ones. */
const subjectsMax = 200;

/**
 * Measures nearness to prompt and theme: the share of their subjects that the quote takes up, in the same word (by stem) or
 * in one near it; undefined where neither has a word to measure by.
 *
 * Word overlap is the oldest measure of relevance (Luhn, The Automatic Creation of Literature Abstracts, 1958); it sees
 * words, not meaning. In languages without the groups of synonyms the same word alone counts.
 */
export function scoreRelevance(text: string, brief: ScoringBrief): number | undefined {
  const said = new Set(tokenize(text).map(stem));
  const nearness = [brief.prompt, brief.theme].flatMap((wanted) => {
    const subjects = subjectsOf(wanted ?? '');
    return subjects.length === 0 ? [] : [shareTakenUp(subjects, said)];
  });
  if (nearness.length === 0) return undefined;
  return nearness.reduce((sum, share) => sum + share, 0) / nearness.length;
}

function subjectsOf(wanted: string): string[] {
  const meant = tokenize(wanted).filter((word) => !stopWords.has(word));
  return [...new Set(meant.map(stem))].slice(0, subjectsMax);
}

function shareTakenUp(subjects: readonly string[], said: ReadonlySet<string>): number {
  const words = [...said];
  const worth = subjects.reduce((sum, subject) => {
    if (said.has(subject)) return sum + 1;
    return words.some((word) => areNear(subject, word)) ? sum + nearWorth : sum;
  }, 0);
  return Math.min(1, worth / Math.min(subjects.length, subjectsEnough));
}
