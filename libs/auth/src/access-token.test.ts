import { createHmac, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createFakeClock } from '@quotemaster/testkit/fake-clock';
import jwt from 'jsonwebtoken';
import { accessTokenAudience, accessTokenIssuer, createAccessTokenSigner } from './access-token-signer.ts';
import { createAccessTokenVerifier } from './access-token-verifier.ts';
import { toPublicJwk } from './jwk.ts';
import type { SigningKeys } from './jwk.ts';
import type { Principal } from './principal.ts';

const principal: Principal = { userId: 'user-1', role: 'moderator', scopes: ['quotes:read', 'quotes:write'], sessionId: 'session-1' };

function newKeys(): SigningKeys {
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = toPublicJwk(key);
  return { current: () => ({ key, kid: jwk.kid }), jwks: () => [jwk] };
}

function setUp(keys = newKeys()) {
  const clock = createFakeClock();
  let fetches = 0;
  const signer = createAccessTokenSigner({ keys, clock, newId: () => 'jti-1' });
  const verifier = createAccessTokenVerifier({
    clock,
    jwks: () => {
      fetches += 1;
      return Promise.resolve(keys.jwks());
    },
  });
  return { clock, keys, signer, verifier, fetches: () => fetches };
}

const unauthenticated = (reason: string) => ({ code: 'auth.unauthenticated', message: expect.stringContaining(reason) });

describe('an access token', () => {
  it('gives back the principal it was made for', async () => {
    const { signer, verifier } = setUp();
    const { token, expiresInSeconds } = signer.sign(principal);
    expect(expiresInSeconds).toBe(900);
    await expect(verifier.verify(token)).resolves.toEqual(principal);
    await expect(verifier.verify(signer.sign({ userId: 'u', role: 'user', scopes: [] }).token)).resolves.toEqual({
      userId: 'u',
      role: 'user',
      scopes: [],
    });
  });

  it('bears the claims of the contract and the thumbprint of its key', () => {
    const { signer, keys } = setUp();
    const { header, payload } = jwt.decode(signer.sign(principal).token, { complete: true })!;
    expect(header).toEqual({ alg: 'ES256', typ: 'JWT', kid: keys.jwks()[0]!.kid });
    const iat = Date.UTC(2026, 0, 1) / 1_000;
    expect(payload).toEqual({
      sub: 'user-1',
      sid: 'session-1',
      role: 'moderator',
      scope: 'quotes:read quotes:write',
      iss: accessTokenIssuer,
      aud: accessTokenAudience,
      iat,
      exp: iat + 900,
      jti: 'jti-1',
    });
  });

  it('is refused from the second of its expiry on', async () => {
    const { signer, verifier, clock } = setUp();
    const { token } = signer.sign(principal);
    clock.advance(899_000);
    await expect(verifier.verify(token)).resolves.toBeDefined();
    clock.advance(1_000);
    await expect(verifier.verify(token)).rejects.toMatchObject(unauthenticated('expired'));
  });

  it('is refused for another issuer or audience, without an expiry, or without a principal', async () => {
    const { keys, verifier, clock } = setUp();
    const { key, kid } = keys.current();
    const exp = clock.now() / 1_000 + 60;
    const endless = { sub: 'u', role: 'user', scope: '', iss: accessTokenIssuer, aud: accessTokenAudience };
    const good = { ...endless, exp };
    const sign = (claims: object) => jwt.sign({ iat: clock.now() / 1_000, ...claims }, key, { algorithm: 'ES256', keyid: kid });
    await expect(verifier.verify(sign(good))).resolves.toBeDefined();
    await expect(verifier.verify(sign({ ...good, iss: 'quotemaster-quote' }))).rejects.toMatchObject(unauthenticated('issuer'));
    await expect(verifier.verify(sign({ ...good, aud: 'elsewhere' }))).rejects.toMatchObject(unauthenticated('audience'));
    await expect(verifier.verify(sign(endless))).rejects.toMatchObject(unauthenticated('expiry'));
    await expect(verifier.verify(sign({ ...good, role: 'root' }))).rejects.toMatchObject(unauthenticated('principal'));
    await expect(verifier.verify(sign({ ...good, sub: '' }))).rejects.toMatchObject(unauthenticated('principal'));
  });

  it('is refused when it chooses its own algorithm: none, or HS256 with the public key as secret', async () => {
    const { keys, signer, verifier } = setUp();
    const { header, payload } = jwt.decode(signer.sign(principal).token, { complete: true })!;
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const none = `${part({ ...header, alg: 'none' })}.${part(payload)}.`;
    await expect(verifier.verify(none)).rejects.toMatchObject(unauthenticated('not ES256'));
    const signed = `${part({ ...header, alg: 'HS256' })}.${part(payload)}`;
    for (const secret of [keys.current().key.export({ format: 'pem', type: 'pkcs8' }), JSON.stringify(keys.jwks()[0])]) {
      const mac = createHmac('sha256', secret).update(signed).digest('base64url');
      await expect(verifier.verify(`${signed}.${mac}`)).rejects.toMatchObject(unauthenticated('not ES256'));
    }
  });

  it('is refused when a stranger signed it under a known kid, when it was changed, and when it is no token', async () => {
    const { keys, signer, verifier } = setUp();
    const { key } = newKeys().current();
    const { payload } = jwt.decode(signer.sign(principal).token, { complete: true })!;
    await expect(verifier.verify(jwt.sign(payload, key, { algorithm: 'ES256', keyid: keys.current().kid }))).rejects.toMatchObject(
      unauthenticated('signature'),
    );
    const [header, , signature] = signer.sign(principal).token.split('.');
    const changed = Buffer.from(JSON.stringify({ ...(payload as object), role: 'admin' })).toString('base64url');
    await expect(verifier.verify(`${header!}.${changed}.${signature!}`)).rejects.toMatchObject(unauthenticated('signature'));
    for (const text of ['', 'a.b.c', 'x'.repeat(10_000)])
      await expect(verifier.verify(text)).rejects.toMatchObject({ code: 'auth.unauthenticated' });
  });
});

describe('the keys of a verifier', () => {
  it('are fetched once for many, and again for an unknown kid at most every 10 s', async () => {
    const { signer, verifier, clock, fetches } = setUp();
    const { token } = signer.sign(principal);
    await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)));
    expect(fetches()).toBe(1);
    const stranger = createAccessTokenSigner({ keys: newKeys(), clock }).sign(principal).token;
    for (let attempt = 0; attempt < 5; attempt += 1)
      await expect(verifier.verify(stranger)).rejects.toMatchObject(unauthenticated('no published key'));
    expect(fetches()).toBe(1);
    clock.advance(10_000);
    for (let attempt = 0; attempt < 5; attempt += 1)
      await expect(verifier.verify(stranger)).rejects.toMatchObject(unauthenticated('no published key'));
    expect(fetches()).toBe(2);
  });

  it('follow a rotation, and forget a key that was withdrawn', async () => {
    const first = newKeys();
    const second = newKeys();
    let published = first;
    const clock = createFakeClock();
    const verifier = createAccessTokenVerifier({ clock, jwks: () => Promise.resolve(published.jwks()) });
    const old = createAccessTokenSigner({ keys: first, clock, ttlSeconds: 3_600 }).sign(principal).token;
    await verifier.verify(old);
    published = second;
    clock.advance(10_000);
    await expect(verifier.verify(createAccessTokenSigner({ keys: second, clock }).sign(principal).token)).resolves.toEqual(principal);
    await expect(verifier.verify(old)).rejects.toMatchObject(unauthenticated('no published key'));
  });

  it('stay in use while they can not be fetched, and their absence is the fetch’s own error', async () => {
    const keys = newKeys();
    const clock = createFakeClock();
    let isDown = true;
    const verifier = createAccessTokenVerifier({
      clock,
      jwks: () => (isDown ? Promise.reject(new Error('user is away')) : Promise.resolve(keys.jwks())),
    });
    const sign = () => createAccessTokenSigner({ keys, clock }).sign(principal).token;
    await expect(verifier.verify(sign())).rejects.toThrow('user is away');
    isDown = false;
    await expect(verifier.verify(sign())).resolves.toEqual(principal);
    isDown = true;
    clock.advance(600_000);
    await expect(verifier.verify(sign())).resolves.toEqual(principal);
  });
});
