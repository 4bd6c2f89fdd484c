import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { Secret, TOTP } from 'otpauth';
import { password, startHarness } from './harness.ts';
import type { Harness, Pair } from './harness.ts';

const invalid = { code: 'auth.invalid_credentials', httpStatus: 401 };

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness.stop();
});

const codeOf = (secret: string, steps = 0): string =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: harness.clock.now() + steps * 30_000 });
const login = async (email: string, more: object = {}, secret = password) =>
  harness.auth.login({ email, password: secret, ...more }, harness.anonymous);
/** Codes work once: the next one is 30 s away. */
const nextStep = (): void => harness.clock.jump(31_000);

async function withTotp(): Promise<{ email: string; tokens: Pair; secret: string; recoveryCodes: string[]; userId: string }> {
  const { tokens, email, user } = await harness.register();
  const { secret } = await harness.mfa.enrolTotp({}, await harness.as(tokens));
  const { recoveryCodes } = await harness.mfa.confirmTotp({ code: codeOf(secret) }, await harness.as(tokens));
  nextStep();
  return { email, tokens, secret, recoveryCodes, userId: user.id };
}

describe('an authenticator', () => {
  it('asks for nothing until a code has confirmed it', async () => {
    const { tokens, email } = await harness.register();
    const { secret, uri } = await harness.mfa.enrolTotp({}, await harness.as(tokens));
    expect(uri).toMatch(/^otpauth:\/\/totp\/Quote%20Master%20Pro:/);
    expect(uri).toContain(secret);
    await login(email);
    await expect(harness.mfa.confirmTotp({ code: '000000' }, await harness.as(tokens))).rejects.toMatchObject({ code: 'mfa.code_invalid' });
    await login(email);
  });

  it('once on, is asked for at each sign-in, after the password alone was right', async () => {
    const { email, secret } = await withTotp();
    await expect(login(email)).rejects.toMatchObject({
      code: 'auth.mfa_required',
      httpStatus: 401,
      metadata: { methods: 'totp,recovery_code' },
    });
    await expect(login(email, { totpCode: codeOf(secret) }, 'the wrong password')).rejects.toMatchObject(invalid);
    await login(email, { totpCode: codeOf(secret) });
  });

  it('takes a code once, and none of before it', async () => {
    const { email, secret } = await withTotp();
    const [earlier, code] = [codeOf(secret, -1), codeOf(secret)];
    await login(email, { totpCode: code });
    await expect(login(email, { totpCode: code })).rejects.toMatchObject(invalid);
    await expect(login(email, { totpCode: earlier })).rejects.toMatchObject(invalid);
  });

  it('takes one code of two sign-ins at once', async () => {
    const { email, secret } = await withTotp();
    const totpCode = codeOf(secret);
    const both = await Promise.allSettled([login(email, { totpCode }), login(email, { totpCode })]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('may be one step ahead or behind, and no more', async () => {
    for (const [steps, isTaken] of [
      [-2, false],
      [-1, true],
      [1, true],
      [2, false],
    ] as const) {
      const { email, secret } = await withTotp();
      harness.clock.jump(120_000);
      const attempt = login(email, { totpCode: codeOf(secret, steps) });
      if (isTaken) await attempt;
      else await expect(attempt).rejects.toMatchObject(invalid);
    }
  });

  it('is guarded against guessing: after five wrong codes there are waits, for whoever knows the password too', async () => {
    const { email } = await withTotp();
    const codes = await Promise.all(
      Array.from({ length: 30 }, async (_, i) =>
        login(email, { totpCode: String(100_000 + i) }).catch((error: unknown) => (error as { code: string }).code),
      ),
    );
    expect(codes.filter((code) => code === invalid.code).length).toBeLessThanOrEqual(5);
    expect(codes).toContain('auth.throttled');
  });

  it('opens ten minutes for sensitive calls', async () => {
    const { tokens, secret } = await withTotp();
    harness.clock.jump(11 * 60_000);
    await harness.auth.reauthenticate({ totpCode: codeOf(secret) }, await harness.as(tokens));
    await harness.mfa.renewRecoveryCodes({}, await harness.as(tokens));
  });

  it('goes only when another would be enough: not from a short password', async () => {
    const { email, tokens } = await withTotp();
    const caller = await harness.as(tokens);
    await harness.users.changePassword({ password: 'tinyboat' }, caller);
    await expect(harness.mfa.removeTotp({}, caller)).rejects.toMatchObject({ code: 'mfa.longer_password_needed', httpStatus: 409 });
    await harness.users.changePassword({ password: 'a rather longer boat than that' }, caller);
    await harness.mfa.removeTotp({}, caller);
    await login(email, {}, 'a rather longer boat than that');
    await expect(harness.mfa.removeTotp({}, caller)).rejects.toMatchObject({ code: 'mfa.not_enabled', httpStatus: 404 });
    expect(await harness.mfa.getMfa({}, caller)).toMatchObject({ totp: false, recoveryCodesLeft: 0 });
    expect(await harness.mailTo(email, 5)).toContain('The authenticator was removed');
  });

  it('lets a password be as short as 8 characters, and no shorter', async () => {
    const { tokens } = await withTotp();
    const { tokens: alone } = await harness.register();
    await expect(harness.users.changePassword({ password: 'tinyboat' }, await harness.as(alone))).rejects.toMatchObject({
      code: 'user.weak_password',
    });
    await expect(harness.users.changePassword({ password: 'tinybot' }, await harness.as(tokens))).rejects.toMatchObject({
      code: 'user.weak_password',
    });
    await expect(harness.users.changePassword({ password: 'password' }, await harness.as(tokens))).rejects.toMatchObject({
      code: 'user.weak_password',
    });
    await harness.users.changePassword({ password: 'tinyboat' }, await harness.as(tokens));
  });

  it("is sealed in the database: its secret is nowhere in clear, and opens as nobody else's", async () => {
    const { secret, userId, email } = await withTotp();
    const other = await withTotp();
    const { rows } = await harness.postgres.db.execute<{ sealed: Buffer }>(
      sql`SELECT sealed_secret AS sealed FROM totp_factors WHERE user_id = ${userId}`,
    );
    expect(rows[0]!.sealed.toString('latin1')).not.toContain(secret);
    expect(rows[0]!.sealed.includes(Buffer.from(Secret.fromBase32(secret).bytes))).toBe(false);
    await harness.postgres.db.execute(sql`UPDATE totp_factors SET sealed_secret = ${rows[0]!.sealed} WHERE user_id = ${other.userId}`);
    await expect(login(other.email, { totpCode: codeOf(secret) })).rejects.toMatchObject({ code: 'common.internal' });
    await login(email, { totpCode: codeOf(secret) });
  });

  it('is one an account, and its enrolment is for people, not for keys', async () => {
    const { tokens } = await withTotp();
    const caller = await harness.as(tokens);
    await expect(harness.mfa.enrolTotp({}, caller)).rejects.toMatchObject({ code: 'mfa.already_enabled', httpStatus: 409 });
    const { userId, role, scopes } = (caller as any).actor.principal;
    const byKey = { ...harness.anonymous, actor: { kind: 'principal', principal: { userId, role, scopes, apiKeyId: 'k' } } } as never;
    await expect(harness.mfa.enrolTotp({}, byKey)).rejects.toMatchObject({ code: 'auth.session_required', httpStatus: 403 });
  });
});

describe('recovery codes', () => {
  it('are ten, each good for one sign-in, however they are typed', async () => {
    const { email, recoveryCodes } = await withTotp();
    expect(new Set(recoveryCodes).size).toBe(10);
    for (const code of recoveryCodes) expect(code).toMatch(/^([a-z2-9]{4}-){5}[a-z2-9]{4}$/);
    await login(email, { recoveryCode: recoveryCodes[0] });
    await expect(login(email, { recoveryCode: recoveryCodes[0] })).rejects.toMatchObject(invalid);
    await login(email, { recoveryCode: recoveryCodes[1]!.toUpperCase().replaceAll('-', ' ') });
    expect(await harness.mailTo(email, 4)).toContain('A recovery code was used');
  });

  it('renewed, make the old ones worthless, and are shown once', async () => {
    const { email, tokens, recoveryCodes, userId } = await withTotp();
    const { recoveryCodes: renewed } = await harness.mfa.renewRecoveryCodes({}, await harness.as(tokens));
    await expect(login(email, { recoveryCode: recoveryCodes[0] })).rejects.toMatchObject(invalid);
    await login(email, { recoveryCode: renewed[0] });
    expect(await harness.mfa.getMfa({}, await harness.as(tokens))).toMatchObject({ totp: true, recoveryCodesLeft: 9 });
    const { rows } = await harness.postgres.db.execute<{ text: string }>(
      sql`SELECT json_agg(r)::text AS text FROM recovery_codes r WHERE user_id = ${userId}`,
    );
    expect(rows[0]!.text).not.toContain(renewed[1]);
  });
});
