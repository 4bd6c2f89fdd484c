import { createHash, randomBytes } from 'node:crypto';

/** Makes an opaque token of 256 random bits, which says by its prefix what it is: `qmm_` mail, `qmo_` OAuth, `qmd_` deletion. */
export function createSecretToken(prefix: string): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** Gives what is stored of a token: its SHA-256. A slow hash would add nothing to 256 random bits. */
export function hashSecretToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
