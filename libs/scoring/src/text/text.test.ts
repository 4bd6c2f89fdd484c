import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normaliseQuote } from './normalise-quote.ts';
import { splitClauses, splitSentences } from './split-sentences.ts';
import { stem } from './stem.ts';
import { tokenize } from './tokenize.ts';
import { trigramSimilarity } from './trigram-similarity.ts';

const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ unit: 'grapheme', maxLength: 200 }), fc.lorem());

describe('tokenize', () => {
  it('keeps words with apostrophes whole and leaves punctuation out', () => {
    expect(tokenize("Don’t “wait” — it's LATE, isn’t it?")).toEqual(["don't", 'wait', "it's", 'late', "isn't", 'it']);
  });

  it('finds words in scripts without spaces and in decomposed letters', () => {
    expect(tokenize('耐心是力量').length).toBeGreaterThan(1);
    expect(tokenize('cafe\u0301')).toEqual(tokenize('café'));
  });
});

describe('normaliseQuote', () => {
  it('makes case, spacing, punctuation and compatibility forms no difference', () => {
    const spellings = ['Don’t wait; begin.', "  DON'T   wait — begin!", 'don‘t wait begin', 'Ｄon’t wait, begin'];
    expect(new Set(spellings.map(normaliseQuote))).toEqual(new Set(["don't wait begin"]));
  });

  it('changes nothing when done again', () => {
    fc.assert(fc.property(anyText, (text) => expect(normaliseQuote(normaliseQuote(text))).toBe(normaliseQuote(text))));
  });
});

describe('trigramSimilarity', () => {
  it('is symmetric, within 0..1, and 1 for a text and itself', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        const similarity = trigramSimilarity(a, b);
        expect(similarity).toBe(trigramSimilarity(b, a));
        expect(similarity).toBeGreaterThanOrEqual(0);
        expect(similarity).toBeLessThanOrEqual(1);
        expect(trigramSimilarity(a, a)).toBe(1);
      }),
    );
  });

  it('agrees with pg_trgm on its documented example', () => {
    expect(trigramSimilarity('word', 'two words')).toBeCloseTo(0.363636, 5);
  });

  it('puts a changed word above another sentence', () => {
    const quote = 'A river cuts the stone by returning.';
    expect(trigramSimilarity(quote, 'A river cuts the rock by returning!')).toBeGreaterThan(0.6);
    expect(trigramSimilarity(quote, 'Lamps wait for evening.')).toBeLessThan(0.2);
  });
});

describe('stem', () => {
  it.each([
    ['loved', 'loving'],
    ['stories', 'story'],
    ['stops', 'stopped'],
    ['quietly', 'quiet'],
    ['wishes', 'wish'],
    ['running', 'run'],
    ["river's", 'rivers'],
    ['hope', 'hoping'],
  ])('gives %s and %s one stem', (a, b) => expect(stem(a)).toBe(stem(b)));

  it('tells hopeful from hopeless, and leaves short words alone', () => {
    expect(stem('hopeful')).not.toBe(stem('hopeless'));
    for (const word of ['bus', 'this', 'is', 'red', 'sing', 'bring']) expect(stem(word)).toBe(word);
  });
});

describe('splitSentences and splitClauses', () => {
  it('split at the ends of sentences and at pauses', () => {
    expect(splitSentences('Wait. Why? Begin')).toEqual(['Wait.', 'Why?', 'Begin']);
    expect(splitClauses('Seek the root, not the branch; well-worn paths — end.')).toEqual([
      'Seek the root',
      'not the branch',
      'well-worn paths',
      'end',
    ]);
    expect(splitSentences('… !')).toEqual([]);
  });
});
