import { createExpiringCache } from './expiring-cache.ts';
import type { SigningKeys } from './jwk.ts';
import type { PeerTls } from './peer-tls.ts';
import type { Actor } from './principal.ts';
import { principalClaims, signToken } from './token.ts';
import type { Claims } from './token.ts';

/** How long a token between services lives, and how long one is used again. The rest is room for clocks that differ. */
const tokenTtlSeconds = 60;
const cachedForMs = 30_000;
const cacheEntriesMax = 10_000;

export interface ServiceIdentity {
  readonly name: string;
  /** Certificates for mutual TLS, where they are configured. */
  readonly tls?: PeerTls;
  /** Gives a token for one callee and one actor: signed now, or up to 30 s ago. */
  tokenFor(callee: string, actor: Actor): string;
}

/** Creates the identity of a service: it signs what this service says to others (iss = this one, aud = the callee). */
export function createServiceIdentity(options: {
  name: string;
  keys: Pick<SigningKeys, 'current'>;
  tls?: PeerTls | undefined;
  clock?: { now(): number };
}): ServiceIdentity {
  const { name, keys, tls, clock = Date } = options;
  const tokens = createExpiringCache<string>(cacheEntriesMax);
  return {
    name,
    ...(tls === undefined ? {} : { tls }),
    tokenFor(callee, actor) {
      const now = clock.now();
      const signing = keys.current();
      const cacheKey = `${signing.kid}\n${callee}\n${fingerprint(actor)}`;
      const cached = tokens.get(cacheKey, now);
      if (cached !== undefined) return cached;
      const iat = Math.floor(now / 1_000);
      const token = signToken({ ...actorClaims(actor), iss: name, aud: callee, iat, exp: iat + tokenTtlSeconds }, signing);
      tokens.set(cacheKey, token, now + cachedForMs);
      return token;
    },
  };
}

function actorClaims(actor: Actor): Claims {
  switch (actor.kind) {
    case 'principal':
      return { principal: principalClaims(actor.principal) };
    case 'job':
      return { job: true };
    case 'none':
      return {};
  }
}

function fingerprint(actor: Actor): string {
  if (actor.kind !== 'principal') return actor.kind;
  const { userId, role, scopes, sessionId, apiKeyId } = actor.principal;
  return JSON.stringify([userId, role, sessionId, apiKeyId, ...scopes]);
}
