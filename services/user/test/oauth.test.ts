import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@quotemaster/testkit';
import { sql } from 'drizzle-orm';
import { password, startHarness } from './harness.ts';
import type { Harness } from './harness.ts';
import { startGithubServer } from './support/github-server.ts';
import type { GithubPerson, GithubServer } from './support/github-server.ts';
import { startOidcServer } from './support/oidc-server.ts';
import type { OidcServer, Person } from './support/oidc-server.ts';

const publicUrl = 'https://quotes.example.org';
const codeInvalid = { code: 'oauth.code_invalid', httpStatus: 400 };

let harness: Harness;
let acme: OidcServer;
let github: GithubServer;
beforeAll(async () => {
  acme = await startOidcServer(`${publicUrl}/v1/auth/oauth/acme/callback`);
  github = await startGithubServer();
  harness = await startHarness({
    QM_PUBLIC_URL: publicUrl,
    QM_OAUTH_PROVIDERS: 'acme,github,away',
    QM_OAUTH_ACME_ISSUER: acme.issuer,
    QM_OAUTH_ACME_CLIENT_ID: acme.clientId,
    QM_OAUTH_ACME_CLIENT_SECRET: acme.clientSecret,
    QM_OAUTH_ACME_TITLE: 'Acme',
    QM_OAUTH_GITHUB_CLIENT_ID: github.clientId,
    QM_OAUTH_GITHUB_CLIENT_SECRET: github.clientSecret,
    QM_OAUTH_GITHUB_WEB_URL: github.url,
    QM_OAUTH_GITHUB_API_URL: github.url,
    QM_OAUTH_AWAY_ISSUER: 'http://127.0.0.1:9',
    QM_OAUTH_AWAY_CLIENT_ID: 'x',
    QM_OAUTH_AWAY_CLIENT_SECRET: 'x',
  });
});
afterAll(async () => {
  await harness.stop();
  await acme.stop();
  await github.stop();
});

let people = 0;
const newPerson = (more: Partial<Person> = {}): Person => {
  people += 1;
  return { sub: `acme-${String(people)}`, email: `at.acme${String(people)}@example.com`, emailVerified: true, name: 'Ada Acme', ...more };
};

/** A browser's way out and back: gives what its page and its cookie hold then. */
async function codeOf(person: Person | 'nobody'): Promise<{ code: string; binding: string }> {
  acme.become(person);
  const { url, binding } = await harness.oauth.startOAuth({ provider: 'acme' }, harness.anonymous);
  const back = await acme.visit(url);
  const { code } = await harness.oauth.finishOAuth({ provider: 'acme', query: back.search.slice(1), binding }, harness.anonymous);
  return { code, binding };
}
const exchange = async (proof: { code: string; binding?: string }) => harness.oauth.exchangeOAuthCode(proof, harness.anonymous);
const signIn = async (person: Person) => exchange(await codeOf(person));

describe('signing in through an OpenID provider', () => {
  it('asks with PKCE, state, nonce and the one registered redirect URI', async () => {
    const { url } = await harness.oauth.startOAuth({ provider: 'acme' }, harness.anonymous);
    const asked = new URL(url).searchParams;
    expect(asked.get('redirect_uri')).toBe(`${publicUrl}/v1/auth/oauth/acme/callback`);
    expect(asked.get('response_type')).toBe('code');
    expect(asked.get('code_challenge_method')).toBe('S256');
    expect(asked.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    for (const name of ['state', 'nonce']) expect(asked.get(name)!.length).toBeGreaterThanOrEqual(43);
    expect(asked.get('scope')).toBe('openid email profile');
  });

  it('makes an account for somebody new, proved where the provider has proved the address, and finds it again', async () => {
    const person = newPerson();
    const first = await signIn(person);
    expect(first.user).toMatchObject({ email: person.email, fullName: 'Ada Acme', isVerified: true, role: 'user' });
    expect(first.tokens!.refreshToken).toMatch(/^qmr_/);
    const second = await signIn({ ...person, email: 'another.now@example.com' });
    expect(second.user!.id).toBe(first.user!.id);
    expect(second.user!.email).toBe(person.email);
    await harness.users.getMe({}, await harness.as(second.tokens));
  });

  it('leaves the address to be proved where the provider has not', async () => {
    const person = newPerson({ emailVerified: false });
    const { user } = await signIn(person);
    expect(user!.isVerified).toBe(false);
    expect(await harness.mailTo(person.email!)).toContain('verify-email#token=');
  });

  it('needs an address', async () => {
    await expect(signIn({ sub: 'without', name: 'No Address' })).rejects.toMatchObject({ code: 'oauth.no_email', httpStatus: 409 });
  });

  it('gives no password to an account that has none, and lets one be set by mail', async () => {
    const person = newPerson();
    await signIn(person);
    await expect(harness.auth.login({ email: person.email!, password }, harness.anonymous)).rejects.toMatchObject({
      code: 'auth.invalid_credentials',
    });
    await harness.auth.forgotPassword({ email: person.email! }, harness.anonymous);
    const token = /#token=(\S+)/.exec(await harness.mailTo(person.email!))![1]!;
    await harness.auth.resetPassword({ token, password }, harness.anonymous);
    await harness.auth.login({ email: person.email!, password }, harness.anonymous);
  });
});

describe('linking', () => {
  it('never happens on the word of a provider: an address that has an account asks for its own proof first', async () => {
    const { email, tokens, user } = await harness.register();
    const person = newPerson({ email });
    const proof = await codeOf(person);
    await expect(exchange(proof)).rejects.toMatchObject({ code: 'oauth.link_required', httpStatus: 409 });
    expect((await harness.oauth.listOAuthLinks({}, await harness.as(tokens))).items).toEqual([]);
    await harness.oauth.linkOAuth(proof, await harness.as(tokens));
    expect((await harness.oauth.listOAuthLinks({}, await harness.as(tokens))).items).toEqual([
      expect.objectContaining({ provider: 'acme', email: person.email }),
    ]);
    expect((await signIn(person)).user!.id).toBe(user.id);
    expect(await harness.mailTo(email, 2)).toContain('linked to an account of another provider');
  });

  it('leaves a pre-hijacked account to nobody but the reader of its mail, and takes away what the stranger put in', async () => {
    // A stranger registers the victim's address and links an account of their own to it.
    const { email, tokens, user } = await harness.register();
    const stranger = newPerson();
    await harness.oauth.linkOAuth(await codeOf(stranger), await harness.as(tokens));
    const victim = newPerson({ email });
    await expect(signIn(victim)).rejects.toMatchObject({ code: 'oauth.link_required' });
    await harness.auth.forgotPassword({ email }, harness.anonymous);
    const token = /#token=(\S+)/.exec(await harness.mailTo(email, 3))![1]!;
    await harness.auth.resetPassword({ token, password: 'mine at last, and mine alone' }, harness.anonymous);
    const { tokens: own } = await harness.auth.login({ email, password: 'mine at last, and mine alone' }, harness.anonymous);
    expect((await harness.oauth.listOAuthLinks({}, await harness.as(own))).items).toEqual([]);
    const elsewhere = await signIn(stranger);
    expect(elsewhere.user!.id).not.toBe(user.id);
    await expect(harness.auth.refresh({ refreshToken: tokens.refreshToken }, harness.anonymous)).rejects.toMatchObject({
      code: 'auth.refresh_invalid',
    });
  });

  it('gives an identity to one account, and an account to one identity a provider', async () => {
    const person = newPerson();
    await signIn(person);
    const other = await harness.register();
    await expect(harness.oauth.linkOAuth(await codeOf(person), await harness.as(other.tokens))).rejects.toMatchObject({
      code: 'oauth.linked_elsewhere',
    });
    await harness.oauth.linkOAuth(await codeOf(newPerson()), await harness.as(other.tokens));
    await expect(harness.oauth.linkOAuth(await codeOf(newPerson()), await harness.as(other.tokens))).rejects.toMatchObject({
      code: 'oauth.linked_elsewhere',
    });
  });

  it('is for somebody who has just proved who they are', async () => {
    const { tokens } = await harness.register();
    harness.clock.jump(11 * 60_000);
    await expect(harness.oauth.linkOAuth(await codeOf(newPerson()), await harness.as(tokens))).rejects.toMatchObject({
      code: 'auth.reauthentication_required',
    });
  });

  it("ends with the provider's tokens, but not where it is the last way in", async () => {
    const person = newPerson();
    const { tokens } = await signIn(person);
    const caller = await harness.as(tokens);
    await expect(harness.oauth.unlinkOAuth({ provider: 'acme' }, caller)).rejects.toMatchObject({
      code: 'oauth.last_credential',
      httpStatus: 409,
    });
    await harness.users.changePassword({ password }, caller);
    const before = acme.revoked.length;
    await harness.oauth.unlinkOAuth({ provider: 'acme' }, caller);
    expect(acme.revoked.length).toBeGreaterThan(before);
    await expect(harness.oauth.unlinkOAuth({ provider: 'acme' }, caller)).rejects.toMatchObject({
      code: 'oauth.link_not_found',
      httpStatus: 404,
    });
    await expect(signIn(person)).rejects.toMatchObject({ code: 'oauth.link_required' });
  });

  it('ends with the account, and its tokens with it', async () => {
    const { tokens } = await signIn(newPerson());
    const before = acme.revoked.length;
    const { receiptId, receiptToken } = await harness.users.deleteMe({}, await harness.as(tokens));
    await waitUntil(
      'its end',
      async () => (await harness.users.getReceipt({ id: receiptId, receiptToken }, harness.anonymous)).receipt!.status === 'done',
    );
    expect(acme.revoked.length).toBeGreaterThan(before);
  });
});

describe('what comes back', () => {
  it('is taken once, from the browser that left, within its time', async () => {
    const proof = await codeOf(newPerson());
    for (const wrong of [{ code: proof.code }, { code: proof.code, binding: 'qmo_another' }, { code: 'qmo_guess', binding: proof.binding }])
      await expect(exchange(wrong)).rejects.toMatchObject(codeInvalid);
    await exchange(proof);
    await expect(exchange(proof)).rejects.toMatchObject(codeInvalid);

    const late = await codeOf(newPerson());
    harness.clock.jump(60_000);
    await expect(exchange(late)).rejects.toMatchObject(codeInvalid);
    const { tokens } = await harness.register();
    await harness.oauth.linkOAuth(late, await harness.as(tokens));
    const tooLate = await codeOf(newPerson());
    harness.clock.jump(5 * 60_000);
    harness.clock.jump(5 * 60_000);
    const { tokens: other } = await harness.register();
    await expect(harness.oauth.linkOAuth(tooLate, await harness.as(other))).rejects.toMatchObject(codeInvalid);
  });

  it('of two exchanges at once opens one session', async () => {
    const proof = await codeOf(newPerson());
    const both = await Promise.allSettled([exchange(proof), exchange(proof)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is refused with the state of nobody, of another browser, of another provider, of long ago, or twice', async () => {
    const person = newPerson();
    acme.become(person);
    const start = async () => {
      const { url, binding } = await harness.oauth.startOAuth({ provider: 'acme' }, harness.anonymous);
      return { query: (await acme.visit(url)).search.slice(1), binding };
    };
    const finish = async (provider: string, query: string, binding: string) =>
      harness.oauth.finishOAuth({ provider, query, binding }, harness.anonymous);
    await expect(finish('acme', 'code=x&state=nobody', 'qmo_x')).rejects.toMatchObject(codeInvalid);
    await expect(finish('acme', '', '')).rejects.toMatchObject(codeInvalid);
    const [one, two] = [await start(), await start()];
    await expect(finish('acme', one.query, two.binding)).rejects.toMatchObject(codeInvalid);
    await expect(finish('github', two.query, two.binding)).rejects.toMatchObject(codeInvalid);
    const three = await start();
    await finish('acme', three.query, three.binding);
    await expect(finish('acme', three.query, three.binding)).rejects.toMatchObject(codeInvalid);
    const four = await start();
    harness.clock.jump(10 * 60_000);
    await expect(finish('acme', four.query, four.binding)).rejects.toMatchObject(codeInvalid);
  });

  it('is refused from another issuer (RFC 9207), and with a code of another sign-in', async () => {
    acme.become(newPerson());
    const go = async () => {
      const { url, binding } = await harness.oauth.startOAuth({ provider: 'acme' }, harness.anonymous);
      return { back: await acme.visit(url), binding };
    };
    const mixed = await go();
    mixed.back.searchParams.set('iss', 'https://evil.example');
    await expect(
      harness.oauth.finishOAuth({ provider: 'acme', query: mixed.back.search.slice(1), binding: mixed.binding }, harness.anonymous),
    ).rejects.toMatchObject({
      code: 'oauth.refused',
      httpStatus: 400,
    });
    // A code that an attacker got, put into the victim's own way back: its verifier and nonce are others.
    const [victim, attacker] = [await go(), await go()];
    victim.back.searchParams.set('code', attacker.back.searchParams.get('code')!);
    await expect(
      harness.oauth.finishOAuth({ provider: 'acme', query: victim.back.search.slice(1), binding: victim.binding }, harness.anonymous),
    ).rejects.toMatchObject({
      code: 'oauth.refused',
    });
  });

  it('may be a no', async () => {
    await expect(codeOf('nobody')).rejects.toMatchObject({ code: 'oauth.refused' });
  });

  it("is kept under seal: neither verifier, nonce nor the provider's tokens stand in the database", async () => {
    const { url } = await harness.oauth.startOAuth({ provider: 'acme' }, harness.anonymous);
    const state = new URL(url).searchParams.get('state')!;
    await signIn(newPerson());
    const { rows } = await harness.postgres.db.execute<{ text: string }>(sql`
      SELECT (SELECT string_agg(encode(sealed, 'escape'), ' ') FROM oauth_flows) || (SELECT string_agg(encode(sealed_tokens, 'escape'), ' ') FROM oauth_links)
        || (SELECT json_agg(f)::text FROM oauth_flows f) AS text`);
    for (const word of [state, 'verifier', 'nonce', 'accessToken', 'refreshToken']) expect(rows[0]!.text).not.toContain(word);
  });
});

describe('providers', () => {
  it('are listed, and no other is known', async () => {
    expect((await harness.oauth.listOAuthProviders({}, harness.anonymous)).items.map(({ id, title }) => [id, title])).toEqual([
      ['acme', 'Acme'],
      ['github', 'GitHub'],
      ['away', 'away'],
    ]);
    await expect(harness.oauth.startOAuth({ provider: 'nobody' }, harness.anonymous)).rejects.toMatchObject({
      code: 'oauth.provider_unknown',
      httpStatus: 404,
    });
  });

  it('that are away say so within the deadline', async () => {
    await expect(harness.oauth.startOAuth({ provider: 'away' }, harness.anonymous)).rejects.toMatchObject({
      code: 'common.unavailable',
      httpStatus: 503,
      retryAfterMs: expect.any(Number),
    });
  });
});

describe('signing in through GitHub', () => {
  const emails = (email: string, verified = true): GithubPerson['emails'] => [
    { email: 'other@example.com', primary: false, verified: true },
    { email, primary: true, verified },
  ];
  async function signInAt(person: GithubPerson) {
    github.become(person);
    const { url, binding } = await harness.oauth.startOAuth({ provider: 'github' }, harness.anonymous);
    const back = await github.visit(url);
    return exchange({
      ...(await harness.oauth.finishOAuth({ provider: 'github', query: back.search.slice(1), binding }, harness.anonymous)),
      binding,
    });
  }

  it('knows people by their number, and takes the primary address', async () => {
    const first = await signInAt({ id: 7, name: 'Octo', emails: emails('octo@example.com') });
    expect(first.user).toMatchObject({ email: 'octo@example.com', fullName: 'Octo', isVerified: true });
    const second = await signInAt({ id: 7, name: 'Renamed', emails: emails('moved@example.com') });
    expect(second.user!.id).toBe(first.user!.id);
  });

  it('believes an address only when GitHub has proved it, and needs one', async () => {
    expect((await signInAt({ id: 8, name: null, emails: emails('unproved@example.com', false) })).user).toMatchObject({
      isVerified: false,
    });
    await expect(signInAt({ id: 9, name: null, emails: [] })).rejects.toMatchObject({ code: 'oauth.no_email' });
  });
});
