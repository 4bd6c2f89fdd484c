import { randomUUID } from 'node:crypto';
import type { SigningKeys } from './jwk.ts';
import type { Principal } from './principal.ts';
import { principalClaims, signToken } from './token.ts';

/** Who issues access tokens and for whom they are meant. */
export const accessTokenIssuer = 'quotemaster-user';
export const accessTokenAudience = 'quotemaster';

export interface AccessTokenSigner {
  sign(principal: Principal): { token: string; expiresInSeconds: number };
}

/** Creates the signer of access tokens: ES256, claims sub, sid, role, scope, iss, aud, iat, exp, jti. */
export function createAccessTokenSigner(options: {
  keys: SigningKeys;
  issuer?: string;
  audience?: string;
  clock?: { now(): number };
  ttlSeconds?: number;
  newId?: () => string;
}): AccessTokenSigner {
  const { keys, issuer = accessTokenIssuer, audience = accessTokenAudience, clock = Date, ttlSeconds = 900, newId = randomUUID } = options;
  return {
    sign(principal) {
      const iat = Math.floor(clock.now() / 1_000);
      const claims = { ...principalClaims(principal), iss: issuer, aud: audience, iat, exp: iat + ttlSeconds, jti: newId() };
      return { token: signToken(claims, keys.current()), expiresInSeconds: ttlSeconds };
    },
  };
}
