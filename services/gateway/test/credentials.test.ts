import { createHmac, generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createAccessTokenSigner, sessionScopes, toPublicJwk } from '@quotemaster/auth';
import { createRedisTwin } from '@quotemaster/redis';
import { createFakeClock, waitUntil } from '@quotemaster/testkit';
import { sessionId, startEdge, userId } from './support/edge.ts';
import type { Edge } from './support/edge.ts';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('credentials at the edge', () => {
  let edge: Edge;
  beforeEach(async () => {
    edge = await startEdge();
  });
  afterEach(() => edge.stop());

  const me = (token: string | false, headers: Record<string, string> = {}) => edge.request('GET', '/v1/users/me', { token, headers });
  const revoke = (id: string) =>
    edge.redis.bus.publish({
      id: 'e',
      topic: 'user.session_revoked',
      key: userId,
      payload: { sessionId: id, userId },
      occurredAt: new Date().toISOString(),
    });

  it('open the door to a good token, whose principal the service sees', async () => {
    expect((await me(edge.token())).status).toBe(200);
    expect(edge.calls.at(-1)?.call.principal).toMatchObject({ userId, role: 'user', sessionId });
    expect(edge.calls.at(-1)?.call.client).toMatchObject({ address: '127.0.0.1' });
  });

  it('are refused when expired, forged, misdirected, unsigned, signed by another, or no token at all', async () => {
    const good = edge.token();
    const [head = '', body = '', signature = ''] = good.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const header = JSON.parse(Buffer.from(head, 'base64url').toString());
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const stranger = createAccessTokenSigner({
      keys: { current: () => ({ key: privateKey, kid: toPublicJwk(privateKey).kid }), jwks: () => [] },
      clock: Date,
    });
    const jwk = JSON.stringify(header);
    const bad = [
      'abc',
      'a.b.c',
      `${head}.${part({ ...claims, role: 'admin' })}.${signature}`,
      `${part({ ...header, alg: 'none' })}.${body}.`,
      `${part({ ...header, alg: 'HS256' })}.${body}.${createHmac('sha256', jwk)
        .update(`${part({ ...header, alg: 'HS256' })}.${body}`)
        .digest('base64url')}`,
      `${part({ ...header, kid: '../../etc/passwd' })}.${body}.${signature}`,
      stranger.sign({ userId, role: 'admin', scopes: sessionScopes, sessionId }).token,
      `${good}x`,
      edge.signerWith({ clock: { now: () => Date.now() - 3_600_000 } }).sign({ userId, role: 'user', scopes: sessionScopes, sessionId })
        .token,
      edge.signerWith({ audience: 'elsewhere' }).sign({ userId, role: 'user', scopes: sessionScopes, sessionId }).token,
      edge.signerWith({ issuer: 'somebody' }).sign({ userId, role: 'user', scopes: sessionScopes, sessionId }).token,
    ];
    for (const token of bad) expect(await me(token)).toMatchObject({ status: 401, body: { code: 'auth.unauthenticated' } });
    for (const authorization of ['Basic abc', 'Bearer', `Token ${good}`, `Bearer ${good} ${good}`]) {
      expect((await me(false, { authorization })).status).toBe(401);
    }
    expect(edge.calls).toEqual([]);
  });

  it('are never read from the address', async () => {
    expect((await edge.request('GET', `/v1/users/me?access_token=${edge.token()}`, { token: false })).status).toBe(401);
  });

  it('come in one kind: an unknown API key is refused, and two kinds at once are a fault', async () => {
    expect((await me(false, { 'x-api-key': 'qm_test_unknown' })).status).toBe(401);
    expect(await me(edge.token(), { 'x-api-key': 'qm_test_unknown' })).toMatchObject({
      status: 401,
      body: { code: 'auth.unauthenticated', detail: expect.stringContaining('not both') },
    });
  });

  it('do not matter where none are needed: an expired token keeps nobody from signing in', async () => {
    const answer = await edge.request('POST', '/v1/auth/login', {
      body: { email: 'a@example.org', password: 'x' },
      token: 'expired.expired.expired',
    });
    expect(answer.status).toBe(200);
  });

  it('stop working at once when the session is revoked', async () => {
    expect((await me(edge.token())).status).toBe(200);
    await revoke(sessionId);
    await waitUntil('the token is refused', async () => (await me(edge.token())).status === 401, { timeoutMs: 1_000 });
  });

  it('are not brought back by an answer that was under way when the session ended', async () => {
    let answer: (state: object) => void = () => undefined;
    let asked = false;
    edge.on(
      'CheckSession',
      () =>
        new Promise((resolve) => {
          answer = resolve;
          asked = true;
        }),
    );
    const pending = me(edge.token());
    await waitUntil('user is asked', () => asked);
    await revoke(sessionId);
    await new Promise((resolve) => setImmediate(resolve));
    answer({ active: true, userId, role: 'user' });
    expect((await pending).status).toBe(401);
    edge.on('CheckSession', () => ({ active: true, userId, role: 'user' }));
    expect((await me(edge.token())).status).toBe(401);
  });

  it("of an ended session, or of somebody else's, are refused", async () => {
    edge.sessions.set(sessionId, { active: false, userId: '', role: '' });
    expect((await me(edge.token())).status).toBe(401);
    const other = '01900000-0000-7000-8000-0000000000bb';
    edge.sessions.set(other, { active: true, userId: '01900000-0000-7000-8000-000000000002', role: 'user' });
    expect((await me(edge.token({ sessionId: other }))).status).toBe(401);
  });

  it('carry the role that user tells, also after it has changed', async () => {
    await me(edge.token());
    edge.sessions.set(sessionId, { active: true, userId, role: 'admin' });
    await edge.redis.bus.publish({
      id: 'e',
      topic: 'user.role_changed',
      key: userId,
      payload: { userId, role: 'admin' },
      occurredAt: new Date().toISOString(),
    });
    await waitUntil('the new role is seen', async () => {
      await me(edge.token());
      return edge.calls.at(-1)?.call.principal?.role === 'admin';
    });
  });

  it('need the scopes that the contract names', async () => {
    const answer = await me(edge.token({ scopes: ['quotes:read'] }));
    expect(answer).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
  });

  it('ask user once for many calls at a time', async () => {
    let asked = 0;
    edge.on('CheckSession', () => {
      asked += 1;
      return { active: true, userId, role: 'user' };
    });
    await Promise.all(Array.from({ length: 20 }, () => me(edge.token())));
    expect(asked).toBe(1);
  });

  it('that are known go on while user is away; unknown ones get 503', async () => {
    expect((await me(edge.token())).status).toBe(200);
    await edge.user.stop();
    const quotes = () => edge.request('GET', '/v1/quotes');
    expect((await quotes()).status).toBe(200);
    const unknown = edge.token({ sessionId: '01900000-0000-7000-8000-0000000000cc' });
    expect(await edge.request('GET', '/v1/quotes', { token: unknown })).toMatchObject({
      status: 503,
      body: { code: 'common.unavailable' },
    });
  });
});

describe('the session cache', () => {
  it('asks user again after 5 s while the bus is away, and not while it is well', async () => {
    const clock = createFakeClock(Date.now());
    const twin = createRedisTwin({ clock });
    let busIsWell = true;
    const edge = await startEdge({
      clock: { now: () => Date.now(), monotonic: () => clock.monotonic() },
      redis: { ...twin, bus: { ...twin.bus, healthy: () => busIsWell } },
    });
    try {
      let asked = 0;
      edge.on('CheckSession', () => {
        asked += 1;
        return { active: true, userId, role: 'user' };
      });
      const call = () => edge.request('GET', '/v1/users/me');
      await call();
      clock.advance(60_000);
      await call();
      expect(asked).toBe(1);
      busIsWell = false;
      await call();
      expect(asked).toBe(2);
      clock.advance(4_900);
      await call();
      expect(asked).toBe(2);
      clock.advance(200);
      await call();
      expect(asked).toBe(3);
    } finally {
      await edge.stop();
    }
  });
});

describe('browsers', () => {
  const web = { 'x-qm-client': 'web', origin: 'https://quotes.example.org' };
  let edge: Edge;
  beforeEach(async () => {
    edge = await startEdge();
    edge.on('Login', () => ({
      user: { id: userId },
      tokens: { accessToken: 'access', refreshToken: 'refresh-1', tokenType: 'Bearer', expiresIn: 900 },
    }));
    edge.on('Refresh', () => ({ tokens: { accessToken: 'access', refreshToken: 'refresh-2', tokenType: 'Bearer', expiresIn: 900 } }));
  });
  afterEach(() => edge.stop());

  it('get the refresh token in a cookie that no script can read, and not in the body', async () => {
    const answer = await edge.request('POST', '/v1/auth/login', {
      body: { email: 'a@example.org', password: 'x' },
      headers: web,
      token: false,
    });
    expect(answer.body.tokens).toEqual({ accessToken: 'access', tokenType: 'Bearer', expiresIn: 900 });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toContain('__Secure-qm_refresh=refresh-1');
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/v1/auth']) expect(cookie).toContain(attribute);
    edge.on('Register', () => ({
      user: { id: userId },
      tokens: { accessToken: 'access', refreshToken: 'refresh-0', tokenType: 'Bearer' },
    }));
    const registered = await edge.request('POST', '/v1/auth/register', {
      body: { email: 'a@example.org', password: 'a long enough passphrase' },
      headers: web,
      token: false,
    });
    expect([registered.status, registered.body.tokens.refreshToken]).toEqual([201, undefined]);
    expect(registered.headers.get('set-cookie')).toContain('__Secure-qm_refresh=refresh-0');
    const other = await edge.request('POST', '/v1/auth/login', { body: { email: 'a@example.org', password: 'x' }, token: false });
    expect(other.body.tokens.refreshToken).toBe('refresh-1');
    expect(other.headers.get('set-cookie')).toBeNull();
  });

  it('renew with the cookie, from an origin of ours alone', async () => {
    const refresh = (headers: Record<string, string>) =>
      edge.request('POST', '/v1/auth/refresh', { headers: { cookie: 'a=b; __Secure-qm_refresh=refresh-1', ...headers }, token: false });
    expect(await refresh({ ...web, origin: 'https://evil.example.org' })).toMatchObject({
      status: 403,
      body: { code: 'auth.origin_refused' },
    });
    expect((await refresh({ 'x-qm-client': 'web' })).status).toBe(403);
    expect(edge.calls).toEqual([]);
    const answer = await refresh(web);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toContain('__Secure-qm_refresh=refresh-2');
    expect(edge.calls.at(-1)?.request).toMatchObject({ refreshToken: 'refresh-1' });
  });

  it('lose the cookie when they sign out, at the wish of an origin of ours alone', async () => {
    const evil = { ...web, origin: 'https://evil.example.org', cookie: '__Secure-qm_refresh=refresh-1' };
    expect(await edge.request('POST', '/v1/auth/logout', { headers: evil })).toMatchObject({
      status: 403,
      body: { code: 'auth.origin_refused' },
    });
    expect(edge.calls).toEqual([]);
    const answer = await edge.request('POST', '/v1/auth/logout', { headers: { ...web, cookie: '__Secure-qm_refresh=refresh-1' } });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('set-cookie')).toMatch(/^__Secure-qm_refresh=; Max-Age=0;/);
    expect(edge.calls.at(-1)?.request).toMatchObject({ refreshToken: 'refresh-1' });
  });

  it('have no cookie read for them that did not ask to be browsers', async () => {
    await edge.request('POST', '/v1/auth/refresh', { headers: { cookie: '__Secure-qm_refresh=refresh-1' }, token: false });
    expect(edge.calls.at(-1)?.request.refreshToken).toBeUndefined();
  });
});
