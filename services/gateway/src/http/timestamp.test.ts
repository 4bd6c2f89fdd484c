import { describe, expect, it } from '@jest/globals';
import { isTimestamp } from './timestamp.ts';

describe('isTimestamp', () => {
  it.each(['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.678Z', '2024-02-29T00:00:00+02:00', '0001-01-01T00:00:00Z'])('takes %s', (text) => {
    expect(isTimestamp(text)).toBe(true);
  });

  it.each([
    '',
    'yesterday',
    '2026-01-02',
    '2026-01-02 03:04:05Z',
    '2026-01-02T03:04:05',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-02T23:59:60Z',
    '0000-01-01T00:00:00Z',
    '+12026-01-01T00:00:00Z',
  ])('refuses %j', (text) => {
    expect(isTimestamp(text)).toBe(false);
  });
});
