import type { KeyObject } from 'node:crypto';
import { AppError, commonErrors } from '@quotemaster/errors';
import jwt from 'jsonwebtoken';
import { isRole } from './principal.ts';
import type { Principal } from './principal.ts';

/** The one algorithm of every token of ours. Pinned on both sides: a token never chooses how it is verified. */
const algorithm = 'ES256';
/** Longer texts are refused before anything is parsed. */
const tokenLengthMax = 8_192;

export type Claims = Readonly<Record<string, unknown>>;

export function signToken(claims: Claims, signing: { readonly key: KeyObject; readonly kid: string }): string {
  return jwt.sign(claims, signing.key, { algorithm, keyid: signing.kid });
}

/** Reads the kid of a token that is still to be verified. @throws AppError `auth.unauthenticated` */
export function readKid(token: string): string {
  if (token.length > tokenLengthMax) throw refused('the token is too long');
  const decoded = jwt.decode(token, { complete: true });
  const kid = decoded?.header.kid;
  if (decoded?.header.alg !== algorithm || kid === undefined) throw refused('the token is malformed, not ES256, or names no key');
  return kid;
}

/**
 * Verifies signature, issuer, audience and times.
 * @throws AppError `auth.unauthenticated`; the private sentence says which of them failed.
 */
export function verifyToken(
  token: string,
  key: KeyObject,
  expected: { issuer: string; audience: string; nowMs: number },
): Claims & { exp: number } {
  const { issuer, audience, nowMs } = expected;
  try {
    const claims = jwt.verify(token, key, { algorithms: [algorithm], issuer, audience, clockTimestamp: Math.floor(nowMs / 1_000) });
    if (typeof claims === 'string' || claims.exp === undefined) throw refused('the token holds no expiry');
    return { ...claims, exp: claims.exp };
  } catch (error) {
    throw error instanceof AppError ? error : refused(error instanceof Error ? error.message : 'unverifiable', error);
  }
}

/** The claims that stand for a principal in either kind of token. */
export function principalClaims(principal: Principal): Claims {
  const { userId, role, scopes, sessionId, apiKeyId } = principal;
  return {
    sub: userId,
    role,
    scope: scopes.join(' '),
    ...(sessionId === undefined ? {} : { sid: sessionId }),
    ...(apiKeyId === undefined ? {} : { key: apiKeyId }),
  };
}

/** Reads them back. @throws AppError `auth.unauthenticated` when a claim is missing or has another type. */
export function parsePrincipal(claims: Claims): Principal {
  const { sub, role, scope, sid, key } = claims;
  if (
    typeof sub !== 'string' ||
    sub === '' ||
    !isRole(role) ||
    typeof scope !== 'string' ||
    (sid !== undefined && typeof sid !== 'string') ||
    (key !== undefined && typeof key !== 'string')
  ) {
    throw refused('the token is signed well but names no principal');
  }
  const scopes = scope === '' ? [] : scope.split(' ');
  return {
    userId: sub,
    role,
    scopes,
    ...(sid === undefined ? {} : { sessionId: sid }),
    ...(key === undefined ? {} : { apiKeyId: key }),
  };
}

export function refused(reason: string, cause?: unknown): AppError {
  return new AppError(commonErrors.unauthenticated, { reason, cause });
}
