import { describe, expect, it } from '@jest/globals';
import { readRetryAfterMs } from './retry-after.ts';

const now = Date.parse('2026-11-23T10:00:00Z');
const read = (headers: Record<string, string>): number | undefined => readRetryAfterMs(new Headers(headers), now);

describe('readRetryAfterMs', () => {
  it.each([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['a date', { 'retry-after': 'Mon, 23 Nov 2026 10:00:09 GMT' }, 9_000],
    ['milliseconds before all else', { 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    ['the reset of what is used up', { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '6m0s' }, 360_000],
    ['a short reset', { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '20ms' }, 20],
    [
      'the longer of two',
      {
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '1s',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1m2.5s',
      },
      62_500,
    ],
    [
      'a time of Anthropic',
      { 'anthropic-ratelimit-input-tokens-remaining': '0', 'anthropic-ratelimit-input-tokens-reset': '2026-11-23T10:00:30Z' },
      30_000,
    ],
    ['a date that has passed', { 'retry-after': 'Mon, 23 Nov 2026 09:00:00 GMT' }, 0],
    ['a day, as an hour', { 'retry-after': '86400' }, 3_600_000],
  ])('reads %s', (_, headers, expected) => expect(read(headers as Record<string, string>)).toBe(expected));

  it.each([
    ['nothing', {}],
    ['what is no time', { 'retry-after': 'soon' }],
    ['a negative one', { 'retry-after': '-5' }],
    ['limits that are not used up', { 'x-ratelimit-remaining-requests': '9', 'x-ratelimit-reset-requests': '6m0s' }],
    ['Azure, which does not know', { 'x-ratelimit-remaining-requests': '-1', 'x-ratelimit-reset-requests': '-1' }],
    ['a reset of 0', { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '0' }],
  ])('finds nothing in %s', (_, headers) => expect(read(headers as Record<string, string>)).toBeUndefined());
});
