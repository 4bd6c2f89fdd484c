import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findPasswordFault, normalisePassword, passwordCharactersMax, passwordCharactersMin } from './password-rules.ts';

const owner = { email: 'grace.hopper@example.com', username: 'Amazing_Grace', fullName: 'Grace Brewster Murray Hopper' };
const stranger = { email: 'a@example.com' };

describe('password rules', () => {
  it('accepts any text of 15 to 128 code points that holds no name', () => {
    const text = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }), { minLength: 0, maxLength: 200 });
    fc.assert(
      fc.property(text, (units) => {
        const password = units.join('');
        const characters = Array.from(password.normalize('NFC')).length;
        const expected = characters < passwordCharactersMin ? 'too_short' : characters > passwordCharactersMax ? 'too_long' : undefined;
        expect(findPasswordFault(password, stranger)).toBe(expected);
      }),
    );
  });

  it('counts an emoji as one character and a composed letter as one', () => {
    expect(findPasswordFault('😀'.repeat(14), stranger)).toBe('too_short');
    expect(findPasswordFault('😀'.repeat(15), stranger)).toBeUndefined();
    expect(findPasswordFault('e\u0301'.repeat(14), stranger)).toBe('too_short');
    expect(findPasswordFault('e\u0301'.repeat(128), stranger)).toBeUndefined();
  });

  it.each([
    ['the local part', 'my grace.hopper password'],
    ['a part of the local part', 'who is this hopper anyway'],
    ['the user name', 'xx-AMAZING_grace-xx'],
    ['a word of the full name', 'a long bREWSTEr phrase'],
  ])('refuses a password that holds %s, whatever the case', (_, password) => {
    expect(findPasswordFault(password, owner)).toBe('holds_name');
  });

  it('does not mind parts of a name shorter than four characters', () => {
    expect(findPasswordFault('anna and the whale', { email: 'an@example.com', fullName: 'An Na' })).toBeUndefined();
  });

  it('never accepts a password with a long name inside, wherever it stands', () => {
    const padding = fc.string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 30 });
    fc.assert(
      fc.property(padding, padding, fc.constantFrom('Hopper', 'gRace', 'AMAZING', 'murray'), (before, after, name) => {
        expect(findPasswordFault(`${before}${name}${after}`, owner)).toBe('holds_name');
      }),
    );
  });

  it('gives both spellings of a letter the same password', () => {
    expect(normalisePassword('cafe\u0301')).toBe(normalisePassword('caf\u00e9'));
  });
});
