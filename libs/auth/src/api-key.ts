import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 40 letters of 62 are 238 random bits. */
const randomChars = 40;
/** Six letters of 62 hold the 32 bits of a CRC. */
const checksumChars = 6;
const pattern = new RegExp(`^qm_[a-z]{2,20}_[0-9A-Za-z]{${String(randomChars + checksumChars)}}$`);

/**
 * Makes the secret of an API key: `qm_<env>_<random><checksum>`.
 *
 * The prefix tells scanners of leaked secrets what they found, and the checksum (CRC-32 of all before it, in base 62) that it is
 * no accident; a typing error is refused without asking anybody.
 */
export function createApiKey(env: string): string {
  const random = Array.from({ length: randomChars }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
  const head = `qm_${env}_${random}`;
  return head + checksum(head);
}

/** Tells whether a text has the form and the checksum of an API key. Whether the key works is known to user alone. */
export function isApiKey(text: string): boolean {
  return pattern.test(text) && checksum(text.slice(0, -checksumChars)) === text.slice(-checksumChars);
}

/** Gives what is stored of a key: its SHA-256. A slow hash would add nothing to 238 random bits. */
export function hashApiKey(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Gives the part of a key that may be shown: enough to tell one's keys apart. */
export function apiKeyPrefix(secret: string): string {
  return secret.slice(0, secret.lastIndexOf('_') + 1 + 6);
}

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let at = 0; at < checksumChars; at += 1) {
    digits = alphabet.charAt(rest % alphabet.length) + digits;
    rest = Math.floor(rest / alphabet.length);
  }
  return digits;
}
