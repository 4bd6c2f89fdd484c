import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createFakeClock } from '@quotemaster/testkit/fake-clock';
import jwt from 'jsonwebtoken';
import { toPublicJwk } from './jwk.ts';
import type { SigningKey } from './jwk.ts';
import type { Actor } from './principal.ts';
import { createServiceIdentity } from './service-identity.ts';
import { serviceKid } from './service-keys.ts';
import { createServiceVerifier } from './service-verifier.ts';

const somebody = {
  kind: 'principal',
  principal: { userId: 'user-1', role: 'user', scopes: ['quotes:read'], sessionId: 's-1' },
} satisfies Actor;

function newKey(name: string): SigningKey {
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { key, kid: serviceKid(name, toPublicJwk(key).kid) };
}

function setUp() {
  const clock = createFakeClock();
  const keys = { gateway: newKey('gateway'), quote: newKey('quote') };
  let jwks = Object.values(keys).map(({ key, kid }) => toPublicJwk(key, kid));
  return {
    clock,
    keys,
    gateway: createServiceIdentity({ name: 'gateway', keys: { current: () => keys.gateway }, clock }),
    user: createServiceVerifier({ name: 'user', keys: { jwks: () => jwks }, clock }),
    withdraw: (kid: string) => (jwks = jwks.filter((jwk) => jwk.kid !== kid)),
  };
}

const unauthenticated = (reason: string) => ({ code: 'auth.unauthenticated', message: expect.stringContaining(reason) });
const thrownBy = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('a service token', () => {
  it.each<[string, Actor]>([
    ['a person', somebody],
    ['an API key without a session', { kind: 'principal', principal: { userId: 'u', role: 'user', scopes: [] } }],
    ['a job', { kind: 'job' }],
    ['nobody yet', { kind: 'none' }],
  ])('tells who calls, for %s', (_name, actor) => {
    const { gateway, user } = setUp();
    expect(user.verify(gateway.tokenFor('user', actor))).toEqual({ caller: 'gateway', actor });
  });

  it('lives for 60 s, names caller and callee, and is used again for 30 s', () => {
    const { gateway, clock } = setUp();
    const token = gateway.tokenFor('user', somebody);
    const now = clock.now() / 1_000;
    expect(jwt.decode(token)).toMatchObject({ iss: 'gateway', aud: 'user', iat: now, exp: now + 60 });
    clock.advance(29_999);
    expect(gateway.tokenFor('user', { ...somebody })).toBe(token);
    clock.advance(1);
    expect(gateway.tokenFor('user', somebody)).not.toBe(token);
  });

  it('is not shared between callees, persons, roles, scopes or sessions', () => {
    const { gateway } = setUp();
    const { principal } = somebody;
    const others: Actor[] = [
      somebody,
      { kind: 'job' },
      { kind: 'none' },
      { kind: 'principal', principal: { ...principal, userId: 'user-2' } },
      { kind: 'principal', principal: { ...principal, role: 'admin' } },
      { kind: 'principal', principal: { ...principal, scopes: [] } },
      { kind: 'principal', principal: { ...principal, sessionId: 's-2' } },
    ];
    const tokens = [...others.map((actor) => gateway.tokenFor('user', actor)), gateway.tokenFor('quote', somebody)];
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it('is refused after its expiry, though it was verified and cached before', () => {
    const { gateway, user, clock } = setUp();
    const token = gateway.tokenFor('user', somebody);
    clock.advance(45_000);
    user.verify(token);
    clock.advance(14_999);
    user.verify(token);
    clock.advance(1);
    expect(thrownBy(() => user.verify(token))).toMatchObject(unauthenticated('expired'));
  });

  it('is refused by anyone but its audience', () => {
    const { gateway, user } = setUp();
    expect(thrownBy(() => user.verify(gateway.tokenFor('quote', somebody)))).toMatchObject(unauthenticated('audience'));
  });

  it('is refused when a service signs as another, under its own kid or under the other’s', () => {
    const { keys, user, clock } = setUp();
    const claims = { iss: 'gateway', aud: 'user', exp: clock.now() / 1_000 + 60, job: true };
    const sign = (kid: string) => jwt.sign(claims, keys.quote.key, { algorithm: 'ES256', keyid: kid });
    expect(thrownBy(() => user.verify(sign(keys.quote.kid)))).toMatchObject(unauthenticated('issuer'));
    expect(thrownBy(() => user.verify(sign(keys.gateway.kid)))).toMatchObject(unauthenticated('signature'));
    expect(thrownBy(() => user.verify(sign('gateway/unknown')))).toMatchObject(unauthenticated('no service key'));
    expect(thrownBy(() => user.verify(sign('gateway')))).toMatchObject(unauthenticated('no service key'));
  });

  it('is refused once its key is withdrawn, though it was verified and cached before', () => {
    const { gateway, keys, user, withdraw } = setUp();
    const token = gateway.tokenFor('user', somebody);
    user.verify(token);
    withdraw(keys.gateway.kid);
    expect(thrownBy(() => user.verify(token))).toMatchObject(unauthenticated('no service key'));
  });

  it('is refused when it names both a job and a person', () => {
    const { keys, user, clock } = setUp();
    const claims = {
      iss: 'gateway',
      aud: 'user',
      exp: clock.now() / 1_000 + 60,
      job: true,
      principal: { sub: 'u', role: 'user', scope: '' },
    };
    const token = jwt.sign(claims, keys.gateway.key, { algorithm: 'ES256', keyid: keys.gateway.kid });
    expect(thrownBy(() => user.verify(token))).toMatchObject(unauthenticated('both'));
  });
});
