import { describe, expect, it } from '@jest/globals';
import type { Candidate } from './candidate.ts';
import { toCandidate } from './candidate.ts';
import { sumOrigins } from './origin.ts';
import type { Origin } from './origin.ts';
import { selectCandidates } from './selection.ts';
import { textHash } from './text-hash.ts';

const origin: Origin = {
  provider: 'p',
  model: 'm',
  cached: 'none',
  degraded: false,
  decisionId: 'd',
  latencyMs: 5,
  usage: { inputTokens: 2, outputTokens: 3, costMicroUsd: 4n },
};
const river = 'A river does not hurry, and still it reaches the sea.';
const lantern = 'Carry a lantern for the road behind you as well.';
const bread = 'Bread remembers the hands that made it.';

function candidate(text: string, qualityScore: number): Candidate {
  const made = toCandidate({ text }, { prompt: 'p', count: 1 }, origin)!;
  return { ...made, analysis: { ...made.analysis, qualityScore } };
}
const choose = (candidates: Candidate[], owned: string[], wanted: number): string[] =>
  selectCandidates(candidates, new Set(owned.map(textHash)), wanted).map(({ text }) => text);

describe('selectCandidates', () => {
  it('puts the best first and stops at the number wanted', () => {
    expect(choose([candidate(river, 0.2), candidate(lantern, 0.9), candidate(bread, 0.5)], [], 2)).toEqual([lantern, bread]);
  });

  it('passes over what the user has, in whatever case and punctuation', () => {
    expect(choose([candidate(river, 0.9), candidate(bread, 0.1)], [river.toUpperCase().replace(',', ' –')], 2)).toEqual([bread]);
  });

  it('keeps the best of texts that are almost the same', () => {
    const almost = 'A river does not hurry, and still it reaches the seas.';
    expect(choose([candidate(river, 0.5), candidate(almost, 0.6), candidate(bread, 0.1)], [], 3)).toEqual([almost, bread]);
  });
});

describe('toCandidate', () => {
  it('takes the score that came with the text, and measures one of which a part is missing', () => {
    const parts = { form: 1, length: 0.9, repetition: 1, cliche: 1, rhythm: 0.8, clarity: 0.7, relevance: 0.25 };
    const scored = (quality: { score: number; parts: Record<string, number> }) =>
      toCandidate({ text: 'A river returns to the sea.', quality }, { prompt: 'p', count: 1 }, origin)!.analysis;
    expect(scored({ score: 0.42, parts })).toMatchObject({ qualityScore: 0.42, quality: parts });
    expect(scored({ score: 0.42, parts: { form: 1 } }).qualityScore).not.toBe(0.42);
  });

  it('gives nothing for a text that no quote can be', () => {
    for (const text of ['', ' \n ', 'a\u0000b', 'x'.repeat(2_001)])
      expect(toCandidate({ text }, { prompt: 'p', count: 1 }, origin)).toBeUndefined();
    expect(toCandidate({ text: '👍'.repeat(2_000) }, { prompt: 'p', count: 1 }, origin)).toBeDefined();
  });
});

describe('textHash', () => {
  it('tells texts apart that hold no words', () => {
    expect(textHash('…')).not.toBe(textHash('?!'));
  });
});

describe('sumOrigins', () => {
  it('tells the facts of the best and the cost of all', () => {
    const other = { ...origin, model: 'other', degraded: true, latencyMs: 6 };
    expect(sumOrigins(origin, [other, origin])).toEqual({
      ...origin,
      degraded: true,
      latencyMs: 11,
      usage: { inputTokens: 4, outputTokens: 6, costMicroUsd: 8n },
    });
  });
});
