import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { password, startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

const weak = { code: 'user.weak_password', httpStatus: 400 };
const longer = 'nine slow boats on a green river';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness.stop();
});

const tokenOf = (mail: string): string => /#token=(\S+)/.exec(mail)![1]!;
const tokensOf = async (email: string, secret = password) =>
  (await harness.auth.login({ email, password: secret }, harness.anonymous)).tokens!;

describe('passwords', () => {
  it.each([
    ['breached', 'passwordpassword'],
    ['breached, of digits', '123456789012345'],
    ['of 14 characters', 'abcdefg hijklm'],
    ['with the name in it', 'morgan likes rivers'],
  ])('are refused when %s, and the account is not made', async (_name, candidate) => {
    const email = 'morgan@example.com';
    await expect(harness.auth.register({ email, password: candidate }, harness.anonymous)).rejects.toMatchObject({
      ...weak,
      fields: [{ field: 'password', message: expect.any(String) }],
    });
  });

  it('are changed only shortly after a proof of who is there, and every other session ends', async () => {
    const { tokens, email } = await harness.register();
    const other = await tokensOf(email);
    harness.clock.jump(11 * 60_000);
    await expect(harness.users.changePassword({ password: longer }, await harness.as(tokens))).rejects.toMatchObject({
      code: 'auth.reauthentication_required',
      httpStatus: 403,
    });
    await expect(harness.auth.reauthenticate({ password: 'not this one' }, await harness.as(tokens))).rejects.toMatchObject({
      code: 'auth.invalid_credentials',
    });
    await harness.auth.reauthenticate({ password }, await harness.as(tokens));
    await harness.users.changePassword({ password: longer }, await harness.as(tokens));
    await expect(tokensOf(email)).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
    await tokensOf(email, longer);
    await expect(harness.auth.refresh({ refreshToken: other.refreshToken! }, harness.anonymous)).rejects.toMatchObject({
      code: 'auth.refresh_invalid',
    });
    await harness.auth.refresh({ refreshToken: tokens.refreshToken }, harness.anonymous);
    expect(await harness.mailTo(email, 2)).toContain('The password of your account was changed');
  });

  it('are judged again when they change: no breached one, none with the name', async () => {
    const { tokens } = await harness.register();
    const caller = await harness.as(tokens);
    await expect(harness.users.changePassword({ password: 'qwertyuiopasdfgh' }, caller)).rejects.toMatchObject(weak);
    await expect(harness.users.changePassword({ password: 'x'.repeat(129) }, caller)).rejects.toMatchObject(weak);
  });
});

describe('reauthentication', () => {
  it('is open for ten minutes after a sign-in and after each proof, and asks for one proof', async () => {
    const { tokens } = await harness.register();
    const caller = async () => harness.as(tokens);
    await harness.mfa.enrolTotp({}, await caller());
    harness.clock.jump(10 * 60_000 - 5_000);
    await harness.mfa.enrolTotp({}, await caller());
    harness.clock.jump(10_000);
    await expect(harness.mfa.enrolTotp({}, await caller())).rejects.toMatchObject({ code: 'auth.reauthentication_required' });
    await expect(harness.auth.reauthenticate({}, await caller())).rejects.toMatchObject({ code: 'common.invalid_request' });
    await harness.auth.reauthenticate({ password }, await caller());
    await harness.mfa.enrolTotp({}, await caller());
  });

  it('is not carried over by a refresh', async () => {
    const { tokens } = await harness.register();
    harness.clock.jump(11 * 60_000);
    const { tokens: next } = await harness.auth.refresh({ refreshToken: tokens.refreshToken }, harness.anonymous);
    await expect(harness.mfa.enrolTotp({}, await harness.as(next))).rejects.toMatchObject({ code: 'auth.reauthentication_required' });
  });

  it('refuses a session that was ended, whatever its token says', async () => {
    const { tokens } = await harness.register();
    const caller = await harness.as(tokens);
    await harness.auth.logout({}, caller);
    await expect(harness.mfa.enrolTotp({}, caller)).rejects.toMatchObject({ code: 'auth.unauthenticated' });
  });
});

describe('mail', () => {
  it('proves an address by a token that works once', async () => {
    const { user, email } = await harness.register();
    expect(user.isVerified).toBe(false);
    const token = tokenOf(await harness.mailTo(email));
    await harness.auth.verifyEmail({ token }, harness.anonymous);
    const { user: after } = await harness.auth.login({ email, password }, harness.anonymous);
    expect(after!.isVerified).toBe(true);
    await expect(harness.auth.verifyEmail({ token }, harness.anonymous)).rejects.toMatchObject({
      code: 'auth.token_invalid',
      httpStatus: 400,
    });
  });

  it('is sent again on request, and only the newest token counts', async () => {
    const { tokens, email } = await harness.register();
    const first = tokenOf(await harness.mailTo(email));
    await harness.auth.sendVerification({}, await harness.as(tokens));
    const second = tokenOf(await harness.mailTo(email, 2));
    await expect(harness.auth.verifyEmail({ token: first }, harness.anonymous)).rejects.toMatchObject({ code: 'auth.token_invalid' });
    await harness.auth.verifyEmail({ token: second }, harness.anonymous);
  });

  it('sets a forgotten password: every session ends, the old password and the token are worth nothing', async () => {
    const { tokens, email } = await harness.register();
    await harness.auth.forgotPassword({ email: email.toUpperCase() }, harness.anonymous);
    const token = tokenOf(await harness.mailTo(email, 2));
    await expect(harness.auth.resetPassword({ token, password: 'short' }, harness.anonymous)).rejects.toMatchObject(weak);
    await harness.auth.resetPassword({ token, password: longer }, harness.anonymous);
    await expect(tokensOf(email)).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
    await tokensOf(email, longer);
    await expect(harness.auth.refresh({ refreshToken: tokens.refreshToken }, harness.anonymous)).rejects.toMatchObject({
      code: 'auth.refresh_invalid',
    });
    await expect(harness.auth.resetPassword({ token, password: longer }, harness.anonymous)).rejects.toMatchObject({
      code: 'auth.token_invalid',
    });
  });

  it('with an old token is worth nothing', async () => {
    const { email } = await harness.register();
    await harness.auth.forgotPassword({ email }, harness.anonymous);
    const token = tokenOf(await harness.mailTo(email, 2));
    harness.clock.jump(30 * 60_000);
    await expect(harness.auth.resetPassword({ token, password: longer }, harness.anonymous)).rejects.toMatchObject({
      code: 'auth.token_invalid',
    });
  });

  it('goes to nobody where the address has no account, with the same answer', async () => {
    expect(await harness.auth.forgotPassword({ email: 'nobody@example.com' }, harness.anonymous)).toEqual(
      await harness.auth.forgotPassword({ email: (await harness.register()).email }, harness.anonymous),
    );
    expect(await harness.mailsTo('nobody@example.com')).toBe(0);
  });

  it('comes three times an hour at most, whoever asks', async () => {
    const { email } = await harness.register();
    for (let i = 0; i < 6; i += 1) await harness.auth.forgotPassword({ email }, harness.anonymous);
    await harness.mailTo(email, 4);
    await harness.register();
    expect(await harness.mailsTo(email)).toBe(4);
  });

  it('keeps its tokens nowhere in clear: neither in the database nor in the log', async () => {
    const { email } = await harness.register();
    const token = tokenOf(await harness.mailTo(email));
    const { rows } = await harness.postgres.db.execute<{ text: string }>(
      sql`SELECT (SELECT json_agg(t)::text FROM mail_tokens t) || coalesce((SELECT json_agg(m)::text FROM mails m), '') AS text`,
    );
    expect(rows[0]!.text).not.toContain(token);
    expect(rows[0]!.text).not.toContain(Buffer.from(token).toString('hex'));
    expect(harness.log.text()).not.toContain(token);
    expect(harness.log.text()).toContain('mail written');
  });
});
