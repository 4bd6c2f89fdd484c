import { generateKeyPairSync } from 'node:crypto';
import { createServiceIdentity, createServiceVerifier, serviceKid, sessionScopes, toPublicJwk } from '@quotemaster/auth';
import type { Actor, Principal, ServiceIdentity, ServiceVerifier, SigningKeys } from '@quotemaster/auth';

/** Services that know each other's keys, in memory. */
export interface TestIdentities {
  /** @throws Error for a name that was not given. */
  keysOf(name: string): SigningKeys;
  identityOf(name: string): ServiceIdentity;
  verifierOf(name: string): ServiceVerifier;
}

/** Creates a key for each service named, and one set of public keys for all. */
export function createTestIdentity(names: readonly string[], clock: { now(): number } = Date): TestIdentities {
  const keys = new Map(
    names.map((name) => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return [name, { key: privateKey, kid: serviceKid(name, toPublicJwk(privateKey).kid) }];
    }),
  );
  const jwks = [...keys.values()].map(({ key, kid }) => toPublicJwk(key, kid));
  const keysOf = (name: string): SigningKeys => {
    const signing = keys.get(name);
    if (signing === undefined) throw new Error(`createTestIdentity was not given the name ${name}`);
    return { current: () => signing, jwks: () => jwks };
  };
  return {
    keysOf,
    identityOf: (name) => createServiceIdentity({ name, keys: keysOf(name), clock }),
    verifierOf: (name) => createServiceVerifier({ name, keys: keysOf(name), clock }),
  };
}

/** A signed-in user, to call for. */
export function testUser(principal: Partial<Principal> = {}): Actor & { readonly principal: Principal } {
  return {
    kind: 'principal',
    principal: {
      userId: '01900000-0000-7000-8000-000000000001',
      role: 'user',
      scopes: sessionScopes,
      sessionId: '01900000-0000-7000-8000-0000000000aa',
      ...principal,
    },
  };
}
