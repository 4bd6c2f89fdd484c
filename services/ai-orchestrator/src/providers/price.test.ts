import { describe, expect, it } from '@jest/globals';
import { toPrice } from '../ai-config/default-models.ts';
import { costOf, estimateTokens } from './price.ts';

describe('costOf', () => {
  const price = toPrice({ input: 0.1, cachedInput: 0.01, output: 0.5, minute: 0.006 });

  it('counts tokens to the millionth of a dollar', () => {
    expect(costOf({ inputTokens: 1_000_000 }, price)).toBe(100_000n);
    expect(costOf({ inputTokens: 1_000, outputTokens: 200 }, price)).toBe(200n);
    expect(costOf({ inputTokens: 1_000, cachedInputTokens: 900, outputTokens: 0 }, price)).toBe(19n);
  });

  it('rounds up once a call', () => {
    expect(costOf({ inputTokens: 1 }, price)).toBe(1n);
    expect(costOf({ inputTokens: 1, outputTokens: 1 }, price)).toBe(1n);
    expect(costOf({}, price)).toBe(0n);
  });

  it('counts audio by the minute, to the millisecond', () => {
    expect(costOf({ audioSeconds: 60 }, price)).toBe(6_000n);
    expect(costOf({ audioSeconds: 1.5 }, price)).toBe(150n);
  });

  it('takes no more cached tokens than there were', () => {
    expect(costOf({ inputTokens: 100, cachedInputTokens: 1_000_000 }, price)).toBe(1n);
  });
});

describe('estimateTokens', () => {
  it('is above what English takes', () => expect(estimateTokens('a'.repeat(300))).toBe(100));
  it('counts a letter of three bytes as a token', () => expect(estimateTokens('静かな川', '川')).toBe(5));
});
