import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createApiKey } from '@quotemaster/auth';
import { createFakeClock } from '@quotemaster/testkit';
import { startEdge, userId } from './support/edge.ts';
import type { Edge } from './support/edge.ts';

const keyId = '01900000-0000-7000-8000-0000000000cc';

describe('API keys at the edge', () => {
  let edge: Edge;
  let asked: number;
  const clock = createFakeClock();
  beforeEach(async () => {
    edge = await startEdge({ clock, env: { QM_RATE_KEY_PER_MINUTE: '20' } });
    asked = 0;
    answer({});
  });
  afterEach(() => edge.stop());

  const answer = (state: object): void =>
    edge.on('ResolveApiKey', () => {
      asked += 1;
      return { active: true, keyId, userId, scopes: ['quotes:read'], ...state };
    });
  const send = async (secret: string, method = 'GET', path = '/v1/quotes', body?: unknown) =>
    edge.request(method, path, { token: false, headers: { 'x-api-key': secret }, ...(body === undefined ? {} : { body }) });

  it('act for their owner, with their scopes, as a user and by no session', async () => {
    expect((await send(createApiKey('dev'))).status).toBe(200);
    expect(edge.calls.at(-1)!.call.principal).toEqual({ userId, role: 'user', scopes: ['quotes:read'], apiKeyId: keyId });
  });

  it('are asked of user once in five seconds, and then again', async () => {
    const secret = createApiKey('dev');
    for (let i = 0; i < 5; i += 1) await send(secret);
    expect(asked).toBe(1);
    clock.advance(5_000);
    await send(secret);
    expect(asked).toBe(2);
  });

  it('that are mistyped or made up are refused without asking anybody', async () => {
    const secret = createApiKey('dev');
    for (const wrong of [
      `${secret.slice(0, -1)}${secret.endsWith('a') ? 'b' : 'a'}`,
      'qm_dev_short',
      'something else',
      secret.toUpperCase(),
    ])
      expect(await send(wrong)).toMatchObject({ status: 401, body: { code: 'auth.unauthenticated' } });
    expect(asked).toBe(0);
  });

  it('that nobody knows, or that have ended, are refused, and asked about no more than others', async () => {
    answer({ active: false });
    const secret = createApiKey('dev');
    for (let i = 0; i < 3; i += 1) expect((await send(secret)).status).toBe(401);
    expect(asked).toBe(1);
    answer({ expiresAt: { seconds: BigInt(Math.floor(clock.now() / 1_000) + 2), nanos: 0 } });
    const ending = createApiKey('dev');
    expect((await send(ending)).status).toBe(200);
    clock.advance(2_500);
    expect((await send(ending)).status).toBe(401);
  });

  it('stop within a second of their end, and an answer that was under way does not bring them back', async () => {
    const secret = createApiKey('dev');
    expect((await send(secret)).status).toBe(200);
    answer({ active: false });
    await edge.redis.bus.publish({
      id: 'e',
      topic: 'user.api_key_revoked',
      key: userId,
      payload: { keyId, userId },
      occurredAt: new Date().toISOString(),
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await send(secret)).status).toBe(401);
  });

  it('reach no further than their scopes, and nothing that is for people alone', async () => {
    const secret = createApiKey('dev');
    expect(await send(secret, 'POST', '/v1/quotes', { text: 'x' })).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
    answer({ scopes: ['profile:read', 'profile:write', 'quotes:read'] });
    const wide = createApiKey('dev');
    expect((await send(wide, 'GET', '/v1/users/me')).status).toBe(200);
    for (const [method, path, body] of [
      ['POST', '/v1/users/me/api-keys', { name: 'x', scopes: ['quotes:read'] }],
      ['DELETE', '/v1/users/me', undefined],
      ['GET', '/v1/users/me/sessions', undefined],
      ['GET', '/v1/users/me/export', undefined],
      ['PUT', '/v1/users/me/password', { password: 'x' }],
      ['POST', '/v1/auth/mfa/totp', {}],
      ['POST', '/v1/auth/logout', {}],
    ] as const)
      expect(await send(wide, method, path, body)).toMatchObject({ status: 403, body: { code: 'auth.session_required' } });
    expect((await send(wide, 'GET', '/v1/admin/users')).status).toBe(403);
  });

  it("have a limit of their own, which leaves their owner's alone", async () => {
    const secret = createApiKey('dev');
    const first = await send(secret);
    expect(first.headers.get('ratelimit-policy')).toBe('"key";q=20;w=60');
    for (let i = 0; i < 19; i += 1) await send(secret);
    expect(await send(secret)).toMatchObject({ status: 429, body: { code: 'common.rate_limited' } });
    expect((await edge.request('GET', '/v1/quotes')).status).toBe(200);
  });

  it('count what is dear for their owner too', async () => {
    answer({ scopes: ['quotes:write'] });
    const { headers } = await send(createApiKey('dev'), 'POST', '/v1/quotes/generate', { prompt: 'x' });
    expect(headers.get('ratelimit-policy')).toMatch(/^"generate"/);
  });

  it('are nowhere in the log', async () => {
    const secret = createApiKey('dev');
    await send(secret);
    expect(edge.log.text()).not.toContain(secret);
    expect(edge.log.text()).toContain(keyId);
  });
});

describe('credentials that do not hold', () => {
  it('are counted for the address they come from', async () => {
    const edge = await startEdge({ env: { QM_RATE_READ_PER_MINUTE: '5' } });
    try {
      const statuses: number[] = [];
      for (let i = 0; i < 8; i += 1) statuses.push((await edge.request('GET', '/v1/users/me', { token: 'a.b.c' })).status);
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    } finally {
      await edge.stop();
    }
  });
});
