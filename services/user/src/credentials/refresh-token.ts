import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** Refresh tokens say what they are, so that a scanner of leaked secrets can tell them. */
const prefix = 'qmr_';
const tokenPattern = /^qmr_[A-Za-z0-9_-]{43}$/;

const nonceBytes = 12;
const tagBytes = 16;

/** What one use of a refresh token gave; kept sealed for as long as it may be asked for again. */
export interface RefreshAnswer {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Lifetime of the access token from its issue. */
  readonly expiresInSeconds: number;
}

/** Makes an opaque token of 256 random bits. */
export function createRefreshToken(): string {
  return prefix + randomBytes(32).toString('base64url');
}

export function isRefreshToken(text: string): boolean {
  return tokenPattern.test(text);
}

/** Gives what is stored of a token: its SHA-256. A slow hash would add nothing to 256 random bits. */
export function hashRefreshToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * Seals an answer so that only who presents `presentedToken` again can read it: AES-256-GCM under a key that HKDF-SHA-256 derives
 * from that token, of which the database holds a hash alone.
 *
 * Shape: nonce (12 bytes), tag (16 bytes), ciphertext.
 */
export function sealAnswer(answer: RefreshAnswer, presentedToken: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(presentedToken), nonce);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(answer), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/**
 * Opens what `sealAnswer` sealed.
 * @throws Error when the bytes were changed or another token is presented.
 */
export function openAnswer(sealed: Buffer, presentedToken: string): RefreshAnswer {
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(presentedToken), sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
  const text = decipher.update(sealed.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
  // Authenticated: nobody but sealAnswer can have written it.
  return JSON.parse(text) as RefreshAnswer;
}

function sealingKey(token: string): Buffer {
  return Buffer.from(hkdfSync('sha256', token, '', 'quotemaster.user.refresh-answer.v1', 32));
}
