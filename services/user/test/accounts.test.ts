import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@quotemaster/testkit';
import { sql } from 'drizzle-orm';
import { password, startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness.stop();
});

describe('registration', () => {
  it('makes an account, opens its first session and tells others by user.registered', async () => {
    const { auth, users, anonymous, events } = harness;
    const { user, tokens } = await auth.register(
      { email: 'Ada@Example.COM', password, username: 'Countess', fullName: 'Ada King' },
      anonymous,
    );
    expect(user).toMatchObject({
      email: 'ada@example.com',
      username: 'Countess',
      fullName: 'Ada King',
      role: 'user',
      isActive: true,
      isVerified: false,
    });
    expect(user!.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(user!.createdAt).toEqual(user!.updatedAt);
    expect(tokens).toMatchObject({ tokenType: 'Bearer', expiresIn: 900 });
    expect((await users.getMe({}, await harness.as(tokens))).user).toEqual(user);
    await waitUntil('user.registered', () =>
      events.find(({ topic, payload }) => topic === 'user.registered' && (payload as { userId: string }).userId === user!.id),
    );
  });

  it('stores the password as Argon2id with 19 MiB, two passes and one lane', async () => {
    const { user } = await harness.register();
    const { rows } = await harness.postgres.db.execute<{ hashed_password: string }>(
      sql`SELECT hashed_password FROM users WHERE id = ${user.id}`,
    );
    expect(rows[0]!.hashed_password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('refuses an address that is taken, in whatever case it is written', async () => {
    const { email } = await harness.register();
    await expect(harness.auth.register({ email: email.toUpperCase(), password }, harness.anonymous)).rejects.toMatchObject({
      code: 'user.email_taken',
      httpStatus: 409,
    });
  });

  it('lets one of many registrations at once have the address', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, () => harness.auth.register({ email: 'race@example.com', password }, harness.anonymous)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'user.email_taken' });
  });

  it('lets one of two registrations at once have the user name, whatever its case', async () => {
    const attempt = (email: string, username: string) => harness.auth.register({ email, password, username }, harness.anonymous);
    const results = await Promise.allSettled([attempt('one@example.com', 'Racer'), attempt('two@example.com', 'rACER')]);
    const [lost] = results.filter((result) => result.status === 'rejected');
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(lost!.reason).toMatchObject({ code: 'user.username_taken', httpStatus: 409 });
  });

  it.each([
    ['short', 'fourteen chars', 'at least 15'],
    ['long', 'x'.repeat(129), 'at most 128'],
    ['its owner’s name', 'my name is hopper and I count', 'your name'],
  ])('refuses a password that is %s, and says so at the field', async (_, weak, words) => {
    const refused = harness.auth.register({ email: 'grace.hopper@example.com', password: weak }, harness.anonymous);
    await expect(refused).rejects.toMatchObject({
      code: 'user.weak_password',
      httpStatus: 400,
      fields: [{ field: 'password', message: expect.stringContaining(words) }],
    });
  });

  it('writes neither address nor password to log, outbox or audit log', async () => {
    const { email } = await harness.register('confidential');
    await expect(harness.auth.register({ email, password }, harness.anonymous)).rejects.toMatchObject({ code: 'user.email_taken' });
    await expect(harness.auth.login({ email, password: 'not the right one' }, harness.anonymous)).rejects.toThrow();
    const { rows } = await harness.postgres.db.execute(sql`
      SELECT to_jsonb(audit_log) AS row FROM audit_log UNION ALL SELECT to_jsonb(outbox) FROM outbox`);
    expect(rows.length).toBeGreaterThan(0);
    for (const text of [JSON.stringify(rows), harness.log.text()]) {
      expect(text).not.toContain('confidential');
      expect(text).not.toContain(password);
    }
  });
});

describe('the own account', () => {
  it('changes the fields that the mask names and no others', async () => {
    const { user, tokens } = await harness.register();
    const me = await harness.as(tokens);
    const first = await harness.users.updateMe(
      { username: 'writer.one', fullName: 'Wanda Writer', updateMask: { paths: ['username', 'full_name'] } },
      me,
    );
    expect(first.user).toMatchObject({ username: 'writer.one', fullName: 'Wanda Writer' });
    harness.clock.jump(1_000);
    const second = await harness.users.updateMe({ username: 'ignored', fullName: 'Wanda W.', updateMask: { paths: ['full_name'] } }, me);
    expect(second.user).toMatchObject({ username: 'writer.one', fullName: 'Wanda W.', createdAt: user.createdAt });
    expect(Number(second.user!.updatedAt!.seconds)).toBeGreaterThan(Number(first.user!.updatedAt!.seconds));
    expect((await harness.users.getMe({}, me)).user).toEqual(second.user);
  });

  it('clears a field that the mask names without a value', async () => {
    const { tokens } = await harness.register();
    const me = await harness.as(tokens);
    await harness.users.updateMe({ username: 'soon-gone', fullName: 'Soon Gone', updateMask: { paths: ['username', 'full_name'] } }, me);
    const { user } = await harness.users.updateMe({ updateMask: { paths: ['username', 'full_name'] } }, me);
    expect([user!.username, user!.fullName]).toEqual([undefined, undefined]);
  });

  it.each([
    ['no mask', {}],
    ['an empty mask', { updateMask: { paths: [] } }],
    ['a field that is not one’s own to change', { updateMask: { paths: ['role'] } }],
  ])('refuses a change with %s', async (_, request) => {
    const { tokens } = await harness.register();
    await expect(harness.users.updateMe(request, await harness.as(tokens))).rejects.toMatchObject({
      code: 'common.invalid_request',
      fields: [{ field: 'updateMask' }],
    });
  });

  it('refuses a user name that another has, and takes one’s own in another case', async () => {
    const rename = async (tokens: Parameters<Harness['as']>[0], username: string) =>
      harness.users.updateMe({ username, updateMask: { paths: ['username'] } }, await harness.as(tokens));
    const [first, second] = [await harness.register(), await harness.register()];
    await rename(first.tokens, 'Owner');
    await expect(rename(second.tokens, 'oWNER')).rejects.toMatchObject({ code: 'user.username_taken' });
    expect((await rename(first.tokens, 'OWNER')).user!.username).toBe('OWNER');
  });

  it('is not found once the account is gone', async () => {
    const { user, tokens } = await harness.register();
    const me = await harness.as(tokens);
    await harness.postgres.db.execute(sql`DELETE FROM users WHERE id = ${user.id}`);
    await expect(harness.users.getMe({}, me)).rejects.toMatchObject({ code: 'user.not_found', httpStatus: 404 });
    const change = harness.users.updateMe({ fullName: 'Nobody', updateMask: { paths: ['full_name'] } }, me);
    await expect(change).rejects.toMatchObject({ code: 'user.not_found' });
  });

  it('is closed to whoever is nobody', async () => {
    await expect(harness.users.getMe({}, harness.anonymous)).rejects.toMatchObject({ code: 'auth.unauthenticated' });
  });
});

describe('the audit log', () => {
  it.each(['UPDATE audit_log SET action = $$x$$', 'DELETE FROM audit_log', 'TRUNCATE audit_log'])('refuses %s', async (statement) => {
    await harness.register();
    await expect(harness.postgres.db.execute(sql.raw(statement))).rejects.toMatchObject({ code: '42501' });
  });

  it('bears who did what from where', async () => {
    const { user } = await harness.register();
    const { rows } = await harness.postgres.db.execute(sql`SELECT action, actor, address FROM audit_log WHERE user_id = ${user.id}`);
    expect(rows).toEqual([{ action: 'account.registered', actor: user.id, address: '192.0.2.7' }]);
  });
});
