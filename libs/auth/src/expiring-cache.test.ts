import { describe, expect, it } from '@jest/globals';
import { createExpiringCache } from './expiring-cache.ts';

describe('an expiring cache', () => {
  it('never holds more than its bound: what was used longest ago goes first', () => {
    const cache = createExpiringCache<number>(3);
    for (const [index, key] of ['a', 'b', 'c'].entries()) cache.set(key, index, 100);
    cache.get('a', 0);
    cache.set('d', 3, 100);
    expect([cache.get('a', 0), cache.get('b', 0), cache.get('c', 0), cache.get('d', 0)]).toEqual([0, undefined, 2, 3]);
    for (let index = 0; index < 1_000; index += 1) cache.set(String(index), index, 100);
    expect(cache.size).toBe(3);
  });

  it('gives nothing from the moment of expiry on', () => {
    const cache = createExpiringCache<number>(3);
    cache.set('a', 1, 100);
    expect(cache.get('a', 99)).toBe(1);
    expect(cache.get('a', 100)).toBeUndefined();
    expect(cache.size).toBe(0);
  });
});
