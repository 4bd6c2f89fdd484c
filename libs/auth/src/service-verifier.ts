import type { KeyObject } from 'node:crypto';
import { createExpiringCache } from './expiring-cache.ts';
import { toPublicKey } from './jwk.ts';
import type { Jwk, SigningKeys } from './jwk.ts';
import type { Actor } from './principal.ts';
import type { PeerTls } from './peer-tls.ts';
import { serviceOfKid } from './service-keys.ts';
import { parsePrincipal, readKid, refused, verifyToken } from './token.ts';
import type { Claims } from './token.ts';

const cachedForMs = 30_000;
const cacheEntriesMax = 10_000;

export interface VerifiedCaller {
  /** The service that calls. */
  readonly caller: string;
  readonly actor: Actor;
}

export interface ServiceVerifier {
  /** Certificates for mutual TLS, where they are configured. */
  readonly tls?: PeerTls;
  /** @throws AppError `auth.unauthenticated`; its private sentence says why. */
  verify(token: string): VerifiedCaller;
}

/** Creates what a callee checks tokens with: `name` is the callee, `keys` hold the public keys of all services. */
export function createServiceVerifier(options: {
  name: string;
  keys: Pick<SigningKeys, 'jwks'>;
  tls?: PeerTls | undefined;
  clock?: { now(): number };
}): ServiceVerifier {
  const { name, keys, tls, clock = Date } = options;
  const verified = createExpiringCache<VerifiedCaller>(cacheEntriesMax);
  let jwks: readonly Jwk[] | undefined;
  let byKid = new Map<string, KeyObject>();

  /** Keys that were read anew bring an array of their own: what was verified with the old ones is forgotten. */
  function refresh(impatient = false): void {
    const current = keys.jwks(impatient);
    if (current === jwks) return;
    byKid = new Map(current.map((jwk) => [jwk.kid, toPublicKey(jwk)]));
    jwks = current;
    verified.clear();
  }

  return {
    ...(tls === undefined ? {} : { tls }),
    verify(token) {
      refresh();
      const now = clock.now();
      const known = verified.get(token, now);
      if (known !== undefined) return known;
      const kid = readKid(token);
      const caller = serviceOfKid(kid);
      // A service that has just been given its key calls before others have looked for it.
      if (!byKid.has(kid)) refresh(true);
      const key = byKid.get(kid);
      if (caller === undefined || key === undefined) throw refused(`no service key is named ${kid}`);
      const claims = verifyToken(token, key, { issuer: caller, audience: name, nowMs: now });
      const result = { caller, actor: parseActor(claims) };
      verified.set(token, result, Math.min(now + cachedForMs, claims.exp * 1_000));
      return result;
    },
  };
}

function parseActor(claims: Claims): Actor {
  const { principal, job } = claims;
  if (principal === undefined) return job === true ? { kind: 'job' } : { kind: 'none' };
  if (typeof principal !== 'object' || principal === null || job !== undefined)
    throw refused('the token names both a job and a principal, or a malformed one');
  return { kind: 'principal', principal: parsePrincipal({ ...principal }) };
}
