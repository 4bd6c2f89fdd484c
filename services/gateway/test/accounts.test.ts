import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ExportMeResponseSchema, authErrors, oAuthErrors } from '@quotemaster/contract/user';
import { AppError } from '@quotemaster/errors';
import { startEdge } from './support/edge.ts';
import type { Edge } from './support/edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ env: { QM_RATE_AUTH_PER_MINUTE: '1000' } });
});
afterAll(() => edge.stop());
beforeEach(() => {
  edge.calls.splice(0);
});

const tokens = { accessToken: 'a', refreshToken: 'qmr_secret', tokenType: 'Bearer', expiresIn: 900 };
const receiptPath = '/v1/privacy/receipts/01900000-0000-7000-8000-000000000009';

describe('fields that come by header or cookie', () => {
  it('come by nothing else: not by the query, not by the body', async () => {
    await edge.request('GET', receiptPath, { token: false, headers: { 'x-receipt-token': 'qmd_right' } });
    expect(edge.calls.at(-1)!.request).toMatchObject({ receiptToken: 'qmd_right' });
    expect((await edge.request('GET', `${receiptPath}?receiptToken=qmd_right`, { token: false })).status).toBe(400);
    const exchange = { token: false, body: { code: 'qmo_code' } } as const;
    await edge.request('POST', '/v1/auth/oauth/exchange', { ...exchange, headers: { cookie: 'a=b; __Secure-qm_oauth=qmo_bound' } });
    expect(edge.calls.at(-1)!.request).toMatchObject({ code: 'qmo_code', binding: 'qmo_bound' });
    expect((await edge.request('POST', '/v1/auth/oauth/exchange', { token: false, body: { code: 'c', binding: 'mine' } })).status).toBe(
      400,
    );
  });

  it('are left out where there are none', async () => {
    await edge.request('GET', receiptPath, { token: false });
    expect(edge.calls.at(-1)!.request.receiptToken).toBeUndefined();
  });
});

describe('an answer in pieces', () => {
  const pieces = (...texts: string[]) =>
    async function* () {
      for (const [index, text] of texts.entries())
        yield create(ExportMeResponseSchema, { body: { contentType: index === 0 ? 'application/json' : '', data: Buffer.from(text) } });
    };

  it('is one document, with the type of its first piece, and kept by nobody', async () => {
    edge.on('ExportMe', pieces('{"services":', '{}', '}'));
    const answer = await edge.request('GET', '/v1/users/me/export');
    expect(answer).toMatchObject({ status: 200, body: { services: {} } });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('is a problem when it fails before its first piece, and is cut when it fails later', async () => {
    edge.on('ExportMe', async function* () {
      throw new AppError(authErrors.throttled);
    } as never);
    expect(await edge.request('GET', '/v1/users/me/export')).toMatchObject({ status: 429, body: { code: 'auth.throttled' } });
    edge.on('ExportMe', async function* () {
      yield create(ExportMeResponseSchema, { body: { contentType: 'application/json', data: Buffer.from('{"half":') } });
      throw new Error('gone');
    } as never);
    await expect(edge.request('GET', '/v1/users/me/export')).rejects.toThrow();
  });
});

describe('the redirects of a sign-in through a provider', () => {
  const start = async (path = '/v1/auth/oauth/acme/start', headers = {}) => edge.request('GET', path, { token: false, headers });
  beforeEach(() => {
    edge.on('StartOAuth', () => ({ url: 'https://acme.example/authorize?state=s', binding: 'qmo_bound' }));
    edge.on('FinishOAuth', () => ({ code: 'qmo_code' }));
  });

  it('lead to the provider, and bind the browser with a cookie that no script reads and no other site sends but by a link', async () => {
    const answer = await start();
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe('https://acme.example/authorize?state=s');
    expect(answer.headers.get('set-cookie')).toBe(
      '__Secure-qm_oauth=qmo_bound; Max-Age=600; Path=/v1/auth/oauth; HttpOnly; Secure; SameSite=Lax',
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('lead back to the application alone, with a one-time code or the code of an error', async () => {
    const back = await edge.request('GET', '/v1/auth/oauth/acme/callback?code=x&state=s&iss=https%3A%2F%2Facme.example', {
      token: false,
      headers: { cookie: '__Secure-qm_oauth=qmo_bound' },
    });
    expect(back.headers.get('location')).toBe('https://quotes.example.org/?code=qmo_code');
    expect(edge.calls.at(-1)!.request).toMatchObject({
      provider: 'acme',
      binding: 'qmo_bound',
      query: 'code=x&state=s&iss=https%3A%2F%2Facme.example',
    });
    edge.on('FinishOAuth', () => {
      throw new AppError(oAuthErrors.refused);
    });
    const refused = await edge.request('GET', '/v1/auth/oauth/acme/callback?error=access_denied&state=s', { token: false });
    expect(refused.headers.get('location')).toBe('https://quotes.example.org/?error=oauth.refused');
  });

  it('take nothing that could lead elsewhere, and no provider with an odd name', async () => {
    expect((await start('/v1/auth/oauth/acme/start?returnTo=https://evil.example')).status).toBe(400);
    expect((await start('/v1/auth/oauth/..%2Facme/start')).status).toBe(404);
    edge.on('StartOAuth', () => {
      throw new AppError(oAuthErrors.providerUnknown);
    });
    expect(await start('/v1/auth/oauth/nobody/start')).toMatchObject({ status: 404, body: { code: 'oauth.provider_unknown' } });
    expect((await edge.request('POST', '/v1/auth/oauth/acme/start', { token: false })).status).toBe(405);
  });
});

describe('browsers', () => {
  it.each([
    ['POST', '/v1/auth/oauth/exchange', { code: 'c' }, 'ExchangeOAuthCode'],
    ['POST', '/v1/auth/passkeys/login', { credential: {} }, 'LoginWithPasskey'],
  ] as const)('get the refresh token of %s %s in the cookie alone', async (method, path, body, rpc) => {
    edge.on(rpc, () => ({ user: { id: 'u' }, tokens }));
    const answer = await edge.request(method, path, { token: false, body, headers: { 'x-qm-client': 'web' } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toMatch(/^__Secure-qm_refresh=qmr_secret; .*HttpOnly; Secure; SameSite=Strict$/);
    expect(answer.text).not.toContain('qmr_secret');
  });

  it('are told which second factors would do', async () => {
    edge.on('Login', () => {
      throw new AppError(authErrors.mfaRequired, { metadata: { methods: 'totp,passkey' } });
    });
    const answer = await edge.request('POST', '/v1/auth/login', { token: false, body: { email: 'a@example.com', password: 'x' } });
    expect(answer).toMatchObject({ status: 401, body: { code: 'auth.mfa_required', factors: ['totp', 'passkey'] } });
  });
});
