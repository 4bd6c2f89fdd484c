import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** The public half of a P-256 key as RFC 7517 writes it. */
export interface Jwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: string;
  readonly use: string;
}

/** A private key and the name under which its public half is published. */
export interface SigningKey {
  readonly kid: string;
  readonly key: KeyObject;
}

/** Keys that sign, and the public halves of all that may still be met. Reads its source again when that changes. */
export interface SigningKeys {
  /** The key that signs now. */
  current(): SigningKey;
  /** All public keys. `impatient`: one is missed, so that the files are looked at sooner than usual. */
  jwks(impatient?: boolean): readonly Jwk[];
}

/**
 * Reads a P-256 private key from PEM (PKCS 8 or SEC 1).
 * @throws Error when the text is no such key; its message does not quote it.
 */
export function parsePrivateKey(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('the key is not on the curve P-256');
  return key;
}

/** Gives the public half of a key; `kid` defaults to its RFC 7638 thumbprint. */
export function toPublicJwk(key: KeyObject, kid?: string): Jwk {
  const { crv = '', kty = '', x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' });
  return { kty, crv, x, y, kid: kid ?? thumbprint({ crv, kty, x, y }), alg: 'ES256', use: 'sig' };
}

/**
 * Turns a JWK into a key that verifies.
 * @throws Error when it is anything but a P-256 public key.
 */
export function toPublicKey(jwk: Jwk): KeyObject {
  if (jwk.kty !== 'EC' || jwk.crv !== 'P-256') throw new Error(`the key ${jwk.kid} is not an EC key on P-256`);
  return createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }, format: 'jwk' });
}

/** @see https://www.rfc-editor.org/rfc/rfc7638 (required members in lexical order, no white space) */
function thumbprint({ crv, kty, x, y }: Pick<Jwk, 'crv' | 'kty' | 'x' | 'y'>): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}
