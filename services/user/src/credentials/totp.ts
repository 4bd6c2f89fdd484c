import { Secret, TOTP } from 'otpauth';

const periodSeconds = 30;
const settings = { algorithm: 'SHA1', digits: 6, period: periodSeconds } as const;
/** Clocks may differ by one step in either direction. */
const skewSteps = 1;
const secretBytes = 20;

/** Makes the secret of an authenticator: 160 random bits in base32, the length of HMAC-SHA-1's own (RFC 4226, section 4). */
export function createTotpSecret(): string {
  return new Secret({ size: secretBytes }).base32;
}

/** Gives the URI that authenticators read from a QR code. */
export function totpUri(secret: string, account: string): string {
  return new TOTP({ ...settings, issuer: 'Quote Master Pro', label: account, secret }).toString();
}

/**
 * Finds the 30 s step to which a code belongs: now, one before or one after. Undefined when it belongs to none of them.
 * @see RFC 6238, section 5.2
 */
export function findTotpStep(secret: string, code: string, nowMs: number): number | undefined {
  const delta = TOTP.validate({ ...settings, token: code, secret: Secret.fromBase32(secret), timestamp: nowMs, window: skewSteps });
  return delta === null ? undefined : Math.floor(nowMs / 1_000 / periodSeconds) + delta;
}
