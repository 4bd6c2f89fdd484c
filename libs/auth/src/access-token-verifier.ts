import type { KeyObject } from 'node:crypto';
import { accessTokenAudience, accessTokenIssuer } from './access-token-signer.ts';
import { createExpiringCache } from './expiring-cache.ts';
import { toPublicKey } from './jwk.ts';
import type { Jwk } from './jwk.ts';
import type { Principal } from './principal.ts';
import { parsePrincipal, readKid, refused, verifyToken } from './token.ts';

/** A kid that isn't known fetches the keys at most this often: made-up kids must not become a flood of fetches. */
const refetchEveryMs = 10_000;
/** Keys are fetched anew after this time, so that a withdrawn key stops working. */
const keysMaxAgeMs = 300_000;
/** What was verified is believed again for so long: a signature takes 55 µs of CPU to verify, and a caller brings one token many times. */
const cachedForMs = 30_000;
const cacheEntriesMax = 10_000;

export interface AccessTokenVerifier {
  /**
   * @throws AppError `auth.unauthenticated`, or what `jwks` throws while no key is known yet.
   */
  verify(token: string): Promise<Principal>;
}

/** Creates the verifier of access tokens. `jwks` fetches the published keys. */
export function createAccessTokenVerifier(options: {
  jwks: () => Promise<readonly Jwk[]>;
  issuer?: string;
  audience?: string;
  clock?: { now(): number };
}): AccessTokenVerifier {
  const { jwks, issuer = accessTokenIssuer, audience = accessTokenAudience, clock = Date } = options;
  const verified = createExpiringCache<Principal>(cacheEntriesMax);
  let keys = new Map<string, KeyObject>();
  let fetchedAtMs = Number.NEGATIVE_INFINITY;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | undefined;

  async function fetchKeys(): Promise<void> {
    triedAtMs = clock.now();
    try {
      keys = new Map((await jwks()).map((jwk) => [jwk.kid, toPublicKey(jwk)]));
      // One of the keys may have been withdrawn.
      verified.clear();
      fetchedAtMs = clock.now();
    } catch (error) {
      // The keys known so far still tell true tokens from false ones; without any there is nothing to go on.
      if (keys.size === 0) {
        triedAtMs = Number.NEGATIVE_INFINITY;
        throw error;
      }
    } finally {
      fetching = undefined;
    }
  }

  const isFresh = (): boolean => clock.now() - fetchedAtMs <= keysMaxAgeMs;

  async function keyOf(kid: string): Promise<KeyObject> {
    const now = clock.now();
    const wanted = !keys.has(kid) || !isFresh();
    // Callers that come while keys are under way wait for the same fetch.
    if (wanted && (fetching !== undefined || now - triedAtMs >= refetchEveryMs)) await (fetching ??= fetchKeys());
    const key = keys.get(kid);
    if (key === undefined) throw refused(`no published key is named ${kid}`);
    return key;
  }

  return {
    async verify(token) {
      const known = isFresh() ? verified.get(token, clock.now()) : undefined;
      if (known !== undefined) return known;
      const key = await keyOf(readKid(token));
      const claims = verifyToken(token, key, { issuer, audience, nowMs: clock.now() });
      const principal = parsePrincipal(claims);
      verified.set(token, principal, Math.min(clock.now() + cachedForMs, claims.exp * 1_000));
      return principal;
    },
  };
}
