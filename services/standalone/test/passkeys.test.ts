import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { chromium } from 'playwright-core';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { freePorts } from './standalone-process.ts';
import { call, password, startSystem } from './support/system.ts';
import type { TestSystem } from './support/system.ts';

const executablePath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);
if (executablePath === undefined)
  process.stderr.write('skipped: the passkey suite, as there is no Chromium; set CHROMIUM_PATH or install it\n');

(executablePath === undefined ? describe.skip : describe)('passkeys in a real browser', () => {
  let system: TestSystem;
  let browser: Browser;
  let page: Page;
  let devtools: CDPSession;
  let site: string;

  beforeAll(async () => {
    const [port] = await freePorts(1);
    system = await startSystem({ QM_HTTP_PORT: String(port) });
    site = `http://localhost:${String(port)}`;
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox', '--disable-quic'] });
    page = await (await browser.newContext()).newPage();
    await page.goto(`${site}/docs/errors`);
    devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await system.stop();
  });

  /** An authenticator as a phone or a laptop has one; `verifies` is whether its owner is there with finger or face. */
  async function newAuthenticator(
    verifies = true,
  ): Promise<{ id: string; remove(): Promise<void>; setVerifies(now: boolean): Promise<void> }> {
    const { authenticatorId: id } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: verifies,
        automaticPresenceSimulation: true,
      },
    });
    return {
      id,
      remove: async () => {
        await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: id });
      },
      setVerifies: async (now) => {
        await devtools.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: now });
      },
    };
  }

  /** What the page's own script does with options: asks the authenticator, gives its answer. */
  const createCredential = async (options: unknown): Promise<unknown> =>
    page.evaluate(async (json) => {
      const publicKey = (globalThis as any).PublicKeyCredential.parseCreationOptionsFromJSON(json);
      return (await (navigator as any).credentials.create({ publicKey })).toJSON();
    }, options as any);
  const getCredential = async (options: unknown): Promise<any> =>
    page.evaluate(async (json) => {
      const publicKey = (globalThis as any).PublicKeyCredential.parseRequestOptionsFromJSON(json);
      return (await (navigator as any).credentials.get({ publicKey })).toJSON();
    }, options as any);

  type Person = Awaited<ReturnType<TestSystem['newUser']>>;
  async function addPasskey(person: Person, name = 'the laptop') {
    const options = await person.call('POST', '/v1/auth/passkeys/options', {});
    expect(options.status).toBe(200);
    const credential = await createCredential(options.body);
    return { credential, ...(await person.call('POST', '/v1/auth/passkeys', { credential, name })) };
  }
  const loginOptions = async (): Promise<unknown> => (await call(system.url, 'POST', '/v1/auth/passkeys/login/options', {})).body;
  const loginWith = async (credential: unknown) => call(system.url, 'POST', '/v1/auth/passkeys/login', { credential });

  it('are registered, listed, sign in without a password, and are removed', async () => {
    const authenticator = await newAuthenticator();
    const person = await system.newUser();
    const added = await addPasskey(person);
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({ passkey: { name: 'the laptop' }, recoveryCodes: expect.any(Array) });
    expect(added.body.recoveryCodes).toHaveLength(10);

    const signedIn = await loginWith(await getCredential(await loginOptions()));
    expect(signedIn).toMatchObject({ status: 200, body: { user: { id: person.id }, tokens: { tokenType: 'Bearer' } } });
    const listed = await person.call('GET', '/v1/auth/passkeys');
    expect(listed.body.items).toEqual([
      { id: added.body.passkey.id, name: 'the laptop', backedUp: false, createdAt: expect.any(String), lastUsedAt: expect.any(String) },
    ]);

    const stranger = await system.newUser();
    expect((await stranger.call('DELETE', `/v1/auth/passkeys/${added.body.passkey.id}`)).status).toBe(404);
    expect((await person.call('DELETE', `/v1/auth/passkeys/${added.body.passkey.id}`)).status).toBe(204);
    expect(await loginWith(await getCredential(await loginOptions()))).toMatchObject({
      status: 401,
      body: { code: 'auth.invalid_credentials' },
    });
    await authenticator.remove();
  });

  it('answer a challenge once: the same answer is refused the second time, and one to an old challenge too', async () => {
    const authenticator = await newAuthenticator();
    await addPasskey(await system.newUser());
    const credential = await getCredential(await loginOptions());
    expect((await loginWith(credential)).status).toBe(200);
    expect((await loginWith(credential)).status).toBe(401);
    const old = await getCredential(await loginOptions());
    await system.users.db.execute(sql`UPDATE webauthn_challenges SET expires_at = now() - interval '1 s'`);
    expect((await loginWith(old)).status).toBe(401);
    await authenticator.remove();
  });

  it('sign in alone only when they have verified their owner; beside a password a touch is enough', async () => {
    const authenticator = await newAuthenticator();
    const person = await system.newUser();
    await addPasskey(person);
    await authenticator.setVerifies(false);
    const unverified = { ...((await loginOptions()) as object), userVerification: 'discouraged' };
    expect((await loginWith(await getCredential(unverified))).status).toBe(401);

    const first = await call(system.url, 'POST', '/v1/auth/login', { email: person.email, password });
    expect(first).toMatchObject({ status: 401, body: { code: 'auth.mfa_required', factors: ['passkey', 'recovery_code'] } });
    const passkey = await getCredential({ ...((await loginOptions()) as object), userVerification: 'discouraged' });
    expect((await call(system.url, 'POST', '/v1/auth/login', { email: person.email, password, passkey })).status).toBe(200);
    expect((await call(system.url, 'POST', '/v1/auth/login', { email: person.email, password: 'the wrong one', passkey })).status).toBe(
      401,
    );
    await authenticator.remove();
  });

  it('of one person are no second factor of another, nor are they registered twice', async () => {
    const authenticator = await newAuthenticator();
    const [ada, bob] = [await system.newUser(), await system.newUser()];
    const added = await addPasskey(ada);
    const options = await bob.call('POST', '/v1/auth/passkeys/options', {});
    // Ada's answer, for a challenge that was hers, under Bob's name.
    expect(await bob.call('POST', '/v1/auth/passkeys', { credential: added.credential })).toMatchObject({
      status: 400,
      body: { code: 'passkey.invalid' },
    });
    await addPasskey(bob);
    const passkey = await getCredential({
      ...((await loginOptions()) as object),
      allowCredentials: [{ type: 'public-key', id: (added.credential as { id: string }).id }],
    });
    expect((await call(system.url, 'POST', '/v1/auth/login', { email: bob.email, password, passkey })).status).toBe(401);
    // The options name what is registered, so that the same authenticator declines.
    const again = await ada.call('POST', '/v1/auth/passkeys/options', {});
    await expect(createCredential(again.body)).rejects.toThrow(/InvalidStateError|already registered|excluded/i);
    expect(options.status).toBe(200);
    await authenticator.remove();
  });

  it('made for another site, or forged in any part, are refused', async () => {
    const authenticator = await newAuthenticator();
    await addPasskey(await system.newUser());
    const good = await getCredential(await loginOptions());
    const clientData = JSON.parse(Buffer.from(good.response.clientDataJSON, 'base64url').toString());
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const forged of [
      { ...good, response: { ...good.response, clientDataJSON: encode({ ...clientData, origin: 'https://evil.example' }) } },
      { ...good, response: { ...good.response, clientDataJSON: encode({ ...clientData, type: 'webauthn.create' }) } },
      { ...good, response: { ...good.response, clientDataJSON: encode({ ...clientData, challenge: 'AAAA' }) } },
      {
        ...good,
        response: { ...good.response, signature: good.response.signature.replace(/.$/, good.response.signature.endsWith('A') ? 'Q' : 'A') },
      },
      { ...good, response: {} },
      { id: 'AAAA', response: good.response },
      {},
    ])
      expect(await loginWith(forged)).toMatchObject({ status: 401, body: { code: 'auth.invalid_credentials' } });
    await authenticator.remove();
  });

  it('open ten minutes for sensitive calls, and go only when another factor or a longer password is left', async () => {
    const authenticator = await newAuthenticator();
    const person = await system.newUser();
    const added = await addPasskey(person);
    await system.users.db.execute(sql`UPDATE sessions SET authenticated_at = now() - interval '11 minutes'`);
    expect((await person.call('DELETE', `/v1/auth/passkeys/${added.body.passkey.id}`)).body.code).toBe('auth.reauthentication_required');
    const passkey = await getCredential(await loginOptions());
    expect((await person.call('POST', '/v1/auth/reauthenticate', { passkey })).status).toBe(204);
    expect((await person.call('PUT', '/v1/users/me/password', { password: 'tinyboat' })).status).toBe(204);
    expect(await person.call('DELETE', `/v1/auth/passkeys/${added.body.passkey.id}`)).toMatchObject({
      status: 409,
      body: { code: 'mfa.longer_password_needed' },
    });
    await authenticator.remove();
  });
});
