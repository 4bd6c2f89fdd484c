import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressKey } from './address-key.ts';
import { apiKeyPrefix, createApiKey, hashApiKey, isApiKey } from './api-key.ts';

describe('API keys', () => {
  it('say what they are, and are never the same', () => {
    const keys = Array.from({ length: 1_000 }, () => createApiKey('dev'));
    expect(new Set(keys).size).toBe(1_000);
    for (const key of keys) expect(key).toMatch(/^qm_dev_[0-9A-Za-z]{46}$/);
    expect(keys.every(isApiKey)).toBe(true);
    expect(hashApiKey(keys[0]!)).toHaveLength(32);
    expect(apiKeyPrefix('qm_dev_abcdefghijkl')).toBe('qm_dev_abcdef');
  });

  it('are refused after any one letter was mistyped', () => {
    const key = createApiKey('prod');
    fc.assert(
      fc.property(fc.nat({ max: key.length - 1 }), fc.constantFrom('0', '9', 'A', 'Z', 'a', 'z', '_'), (at, letter) => {
        const typed = key.slice(0, at) + letter + key.slice(at + 1);
        expect(isApiKey(typed)).toBe(typed === key);
      }),
    );
    fc.assert(fc.property(fc.string({ maxLength: 80 }), (text) => !isApiKey(text)));
  });
});

describe('addressKey', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '20010db800010002/64'],
    ['2001:db8:1:2::9', '20010db800010002/64'],
    ['unknown', 'unknown'],
  ])('counts %s as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});
