import { createHmac, generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAccessTokenSigner, loadAccessKeys, sessionScopes, toPublicJwk } from '@quotemaster/auth';
import { openVault } from '@quotemaster/vault';
import { sql } from 'drizzle-orm';
import { createKeySeal } from '../../user/src/credentials/key-seal.ts';
import { call, callWithKey, login, password, startSystem } from './support/system.ts';
import type { TestSystem } from './support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system.stop());

const json = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const me = async (token: string) => call(system.url, 'GET', '/v1/users/me', undefined, { authorization: `Bearer ${token}` });
const refresh = async (refreshToken: string) => call(system.url, 'POST', '/v1/auth/refresh', { refreshToken });
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('known failures of other systems, here', () => {
  it('multi-tab logout: when one tab refreshes and another logs out, no tab stays signed in', async () => {
    const tab = await system.newUser();
    const [refreshed, loggedOut] = await Promise.all([refresh(tab.refreshToken), tab.call('POST', '/v1/auth/logout', {})]);
    expect(loggedOut.status).toBe(204);
    await after(1_000);
    for (const token of [tab.accessToken, refreshed.body?.tokens?.accessToken].filter(Boolean)) expect((await me(token)).status).toBe(401);
    for (const token of [tab.refreshToken, refreshed.body?.tokens?.refreshToken].filter(Boolean))
      expect((await refresh(token)).status).toBe(401);
  });

  it('multi-tab refresh: tabs that refresh at once all stay signed in', async () => {
    const { refreshToken } = await system.newUser();
    const answers = await Promise.all(Array.from({ length: 6 }, async () => refresh(refreshToken)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.tokens.refreshToken)).size).toBe(1);
  });

  it('a revoked session still served from cache: every way to end one holds within a second', async () => {
    const owner = await system.newUser();
    const ways: [string, (session: { accessToken: string; id: string }) => Promise<unknown>][] = [
      ['revoked', async ({ id }) => owner.call('DELETE', `/v1/users/me/sessions/${id}`)],
      ['all others revoked', async () => owner.call('DELETE', '/v1/users/me/sessions')],
      ['password changed', async () => owner.call('PUT', '/v1/users/me/password', { password })],
    ];
    for (const [name, end] of ways) {
      const other = await login(system.url, owner.email);
      expect((await me(other.accessToken)).status).toBe(200);
      const { body } = await other.call('GET', '/v1/users/me/sessions');
      await end({ accessToken: other.accessToken, id: body.items.find(({ current }: { current: boolean }) => current).id });
      await after(1_000);
      expect([name, (await me(other.accessToken)).status]).toEqual([name, 401]);
      expect((await me(owner.accessToken)).status).toBe(200);
    }
  });

  it('parallel guesses: of fifty at once no more than five are looked at', async () => {
    const { email } = await system.newUser();
    const guesses = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => call(system.url, 'POST', '/v1/auth/login', { email, password: `guess ${String(i)}` })),
    );
    expect(guesses.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(5);
    const refused = guesses.find(({ status }) => status === 429)!;
    expect(refused.body.code).toBe('auth.throttled');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });

  it('refresh after lock: a closed account refreshes nothing, reads nothing, and its keys are dead', async () => {
    const admin = await system.newUser('admin');
    const victim = await system.newUser();
    const { secret } = await system.newKey(victim, ['profile:read']);
    expect((await callWithKey(system.url, secret, 'GET', '/v1/users/me')).status).toBe(200);
    expect((await admin.call('PATCH', `/v1/admin/users/${victim.id}`, { isActive: false })).status).toBe(200);
    expect((await refresh(victim.refreshToken)).status).toBe(401);
    await after(1_000);
    expect((await me(victim.accessToken)).status).toBe(401);
    expect((await callWithKey(system.url, secret, 'GET', '/v1/users/me')).status).toBe(401);
    expect((await call(system.url, 'POST', '/v1/auth/login', { email: victim.email, password })).status).toBe(401);
  });

  it('key creation without login: neither nobody nor a key makes a key, nor a sign-in of long ago', async () => {
    const owner = await system.newUser();
    const wish = { name: 'x', scopes: ['profile:write'] };
    expect((await call(system.url, 'POST', '/v1/users/me/api-keys', wish)).status).toBe(401);
    const { secret } = await system.newKey(owner, ['profile:read', 'profile:write']);
    expect(await callWithKey(system.url, secret, 'POST', '/v1/users/me/api-keys', wish)).toMatchObject({
      status: 403,
      body: { code: 'auth.session_required' },
    });
    await system.users.db.execute(sql`UPDATE sessions SET authenticated_at = now() - interval '11 minutes' WHERE user_id = ${owner.id}`);
    expect(await owner.call('POST', '/v1/users/me/api-keys', wish)).toMatchObject({
      status: 403,
      body: { code: 'auth.reauthentication_required' },
    });
  });

  it('open redirect: no parameter, host or header decides where a redirect leads', async () => {
    const ask = async (path: string, headers: Record<string, string> = {}) =>
      fetch(`${system.url}${path}`, { redirect: 'manual', headers });
    for (const name of ['redirect', 'redirect_uri', 'returnTo', 'return_to', 'next', 'url']) {
      expect((await ask(`/v1/auth/oauth/google/start?${name}=https://evil.example`)).status).toBe(400);
      const back = await ask(`/v1/auth/oauth/google/callback?${name}=https://evil.example&state=s&code=c`);
      expect(back.headers.get('location') ?? '').not.toContain('evil.example');
    }
    for (const headers of [{ 'x-forwarded-host': 'evil.example' }, { forwarded: 'host=evil.example' }]) {
      expect((await ask('/', headers)).headers.get('location')).toBe('/docs');
      expect((await ask('//evil.example/%2f..', headers)).headers.get('location') ?? '').not.toContain('evil.example');
    }
  });

  it('a pre-hijacked account: what a stranger put into it is gone once the owner of the address has come', async () => {
    const stranger = await system.newUser();
    const { secret } = await system.newKey(stranger, ['profile:read']);
    await stranger.call('POST', '/v1/auth/mfa/totp', {});
    await call(system.url, 'POST', '/v1/auth/forgot-password', { email: stranger.email });
    const token = /#token=(\S+)/.exec(await system.mailTo(stranger.email, 3))![1]!;
    const reset = await call(system.url, 'POST', '/v1/auth/reset-password', { token, password: 'mine at last, and mine alone' });
    expect(reset.status).toBe(204);
    await after(1_000);
    expect((await me(stranger.accessToken)).status).toBe(401);
    expect((await refresh(stranger.refreshToken)).status).toBe(401);
    expect((await callWithKey(system.url, secret, 'GET', '/v1/users/me')).status).toBe(401);
    expect((await call(system.url, 'POST', '/v1/auth/login', { email: stranger.email, password })).status).toBe(401);
    const owner = await call(system.url, 'POST', '/v1/auth/login', { email: stranger.email, password: 'mine at last, and mine alone' });
    expect(owner).toMatchObject({ status: 200, body: { user: { isVerified: true } } });
  });

  it('mass assignment of role: a body that names what it may not name is refused whole', async () => {
    const more = { role: 'admin', isActive: true, isVerified: true, id: '01900000-0000-7000-8000-000000000001' };
    for (const [name, value] of Object.entries(more)) {
      const email = `mass.${name.toLowerCase()}@example.org`;
      expect((await call(system.url, 'POST', '/v1/auth/register', { email, password, [name]: value })).status).toBe(400);
      expect((await call(system.url, 'POST', '/v1/auth/login', { email, password })).status).toBe(401);
      const someone = await system.newUser();
      expect((await someone.call('PATCH', '/v1/users/me', { fullName: 'Ada', [name]: value })).status).toBe(400);
      expect((await someone.call('GET', '/v1/users/me')).body).toMatchObject({ role: 'user', isVerified: false });
    }
  });

  it('id enumeration: what is not there and what is not yours are told apart by nothing', async () => {
    const [owner, stranger] = [await system.newUser(), await system.newUser()];
    const quote = (await owner.call('POST', '/v1/quotes', { text: 'Mine.' })).body.id;
    const key = (await system.newKey(owner, ['quotes:read'])).id;
    const session = (await owner.call('GET', '/v1/users/me/sessions')).body.items[0].id;
    const nothing = '01900000-0000-7000-8000-00000000dead';
    for (const [method, path] of [
      ['GET', '/v1/quotes/'],
      ['DELETE', '/v1/quotes/'],
      ['GET', '/v1/users/me/api-keys/'],
      ['DELETE', '/v1/users/me/api-keys/'],
      ['DELETE', '/v1/users/me/sessions/'],
      ['DELETE', '/v1/auth/passkeys/'],
    ] as const) {
      const id = path.includes('quotes') ? quote : path.includes('keys/') && !path.includes('pass') ? key : session;
      const [theirs, none] = [await stranger.call(method, `${path}${String(id)}`), await stranger.call(method, path + nothing)];
      expect(theirs.status).toBe(404);
      const blank = { instance: '', requestId: '' };
      expect({ ...theirs.body, ...blank }).toEqual({ ...none.body, ...blank });
    }
  });
});

describe('tokens that somebody has made', () => {
  let good: string;
  let claims: Record<string, unknown>;
  let header: Record<string, unknown>;
  beforeAll(async () => {
    good = (await system.newUser()).accessToken;
    const [head = '', body = ''] = good.split('.');
    header = JSON.parse(Buffer.from(head, 'base64url').toString());
    claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    expect((await me(good)).status).toBe(200);
  });
  const refused = async (token: string) => expect(await me(token)).toMatchObject({ status: 401, body: { code: 'auth.unauthenticated' } });

  it('algorithm confusion: the public key is no secret to sign with', async () => {
    const { body } = await call(system.url, 'GET', '/.well-known/jwks.json');
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      for (const secret of [JSON.stringify(body.keys[0]), JSON.stringify(body), body.keys[0].x, '']) {
        const text = `${json({ ...header, alg })}.${json({ ...claims, role: 'admin' })}`;
        await refused(`${text}.${createHmac(alg.replace('HS', 'sha'), secret).update(text).digest('base64url')}`);
      }
    }
  });

  it('none algorithm: a token without a signature is no token, however it is spelt', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) await refused(`${json({ ...header, alg })}.${json(claims)}.`);
    await refused(`${json({ typ: 'JWT' })}.${json(claims)}.`);
    await refused(good.slice(0, good.lastIndexOf('.') + 1));
  });

  it('kid injection: a key id leads to published keys alone', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const own = toPublicJwk(privateKey);
    const kids = [
      '../../../../dev/null',
      '/etc/passwd',
      "' OR 1=1 --",
      'http://evil.example/jwks.json',
      own.kid,
      '',
      '0001',
      '__proto__',
      'constructor',
    ];
    for (const kid of kids) {
      const signer = createAccessTokenSigner({ keys: { current: () => ({ key: privateKey, kid }), jwks: () => [own] } });
      await refused(
        signer.sign({ userId: String(claims['sub']), role: 'admin', scopes: sessionScopes, sessionId: String(claims['sid']) }).token,
      );
    }
    // A key that comes with the token, or an address of one, is not looked at.
    for (const more of [{ jwk: own }, { jku: 'http://127.0.0.1:9/jwks.json' }, { x5u: 'http://127.0.0.1:9/' }]) {
      const [, body = '', signature = ''] = good.split('.');
      await refused(`${json({ ...header, ...more })}.${body}.${signature}`);
    }
  });

  it("a token for another audience, of another issuer, or of another's session, signed with the right key", async () => {
    const seal = createKeySeal(openVault({ file: join(system.dataDir, 'keys', 'encryption.key') }));
    const keys = loadAccessKeys(join(system.dataDir, 'keys', 'access'), { seal });
    const [userId, sessionId] = [String(claims['sub']), String(claims['sid'])];
    const sign = (options: object, principal: object = {}) =>
      createAccessTokenSigner({ keys, ...options }).sign({ userId, role: 'user', scopes: sessionScopes, sessionId, ...principal }).token;
    expect((await me(sign({}))).status).toBe(200);
    await refused(sign({ audience: 'quotemaster-elsewhere' }));
    await refused(sign({ issuer: 'somebody' }));
    await refused(sign({ clock: { now: () => Date.now() - 3_600_000 } }));
    await refused(sign({}, { userId: (await system.newUser()).id }));
    await refused(sign({}, { sessionId: '01900000-0000-7000-8000-00000000dead' }));
    // What a token says of its role is not believed where user says otherwise.
    expect(
      (await call(system.url, 'GET', '/v1/admin/users', undefined, { authorization: `Bearer ${sign({}, { role: 'admin' })}` })).status,
    ).toBe(403);
  });

  it('a token between services opens nothing outside', async () => {
    const { openServiceAuth } = await import('@quotemaster/auth');
    const folder = join(system.dataDir, 'keys', 'services');
    const { identity } = openServiceAuth({ name: 'gateway', keyFile: join(folder, 'gateway.pem'), jwksFile: join(folder, 'jwks.json') });
    const principal = { userId: String(claims['sub']), role: 'admin', scopes: sessionScopes, sessionId: String(claims['sid']) } as const;
    await refused(identity.tokenFor('user', { kind: 'principal', principal }));
    await refused(identity.tokenFor('quotemaster', { kind: 'principal', principal }));
  });
});
