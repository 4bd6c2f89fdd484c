import { createHash, randomInt } from 'node:crypto';

const count = 10;
/** Letters that are not taken for one another, in lower case: 31 of them are just under five bits each. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
/** More than 112 bits, so that a plain hash is enough to store them by (OWASP ASVS 5.0, 6.5.2). */
const chars = 24;
const groupChars = 4;

/** Makes ten recovery codes of 118 random bits each, `abcd-efgh-jkmn-pqrs-tuvw-xyz2`. */
export function createRecoveryCodes(): string[] {
  return Array.from({ length: count }, () => {
    const letters = Array.from({ length: chars }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
    return letters.match(new RegExp(`.{${String(groupChars)}}`, 'g'))?.join('-') ?? letters;
  });
}

/** Gives what is stored of a code: its SHA-256, of the letters alone, in whatever way they were typed. */
export function hashRecoveryCode(code: string): Buffer {
  const letters = code.normalize('NFC').toLowerCase().replaceAll(/[\s-]/g, '');
  return createHash('sha256').update(letters).digest();
}
