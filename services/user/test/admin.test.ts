import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { CallOptions } from '@quotemaster/rpc';
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

async function newAdmin(): Promise<{ caller: CallOptions; id: string; email: string }> {
  const { user, email } = await harness.register();
  await harness.postgres.db.execute(sql`UPDATE users SET role = 'admin' WHERE id = ${user.id}`);
  const { tokens } = await harness.auth.login({ email, password }, harness.anonymous);
  return { caller: await harness.as(tokens), id: user.id, email };
}
const change = async (caller: CallOptions, id: string, changes: { role?: string; isActive?: boolean }) =>
  harness.admin.updateUser(
    { id, ...changes, updateMask: { paths: [...('role' in changes ? ['role'] : []), ...('isActive' in changes ? ['is_active'] : [])] } },
    caller,
  );

describe('administration', () => {
  it('lists accounts page by page, newest first, none twice or missed while others register', async () => {
    const { caller } = await newAdmin();
    for (let i = 0; i < 5; i += 1) await harness.register();
    const seen: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = await harness.admin.listUsers({ pageSize: 2, ...(pageToken === undefined ? {} : { pageToken }) }, caller);
      seen.push(...page.items.map(({ id }) => id));
      pageToken = page.nextPageToken;
      await harness.register();
    } while (pageToken !== undefined && seen.length < 50);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual([...seen].sort().reverse());
  });

  it('finds accounts by address, role and standing', async () => {
    const { caller, email } = await newAdmin();
    const other = await harness.register();
    expect((await harness.admin.listUsers({ email: other.email.toUpperCase() }, caller)).items.map(({ id }) => id)).toEqual([
      other.user.id,
    ]);
    const admins = (await harness.admin.listUsers({ role: 'admin' }, caller)).items;
    expect(admins.map((user) => user.email)).toContain(email);
    expect(admins.every(({ role }) => role === 'admin')).toBe(true);
    expect((await harness.admin.listUsers({ isActive: false, email: other.email }, caller)).items).toEqual([]);
  });

  it('gives a role, on the record, and gateways hear of it', async () => {
    const { caller, id: adminId } = await newAdmin();
    const { user } = await harness.register();
    expect((await change(caller, user.id, { role: 'moderator' })).user).toMatchObject({ id: user.id, role: 'moderator', isActive: true });
    await waitUntil('the news', () => harness.events.some(({ topic, key }) => topic === 'user.role_changed' && key === user.id));
    const entries = await harness.admin.listAuditEntries({ userId: user.id, action: 'account.role_changed' }, caller);
    expect(entries.items).toEqual([
      expect.objectContaining({ actor: adminId, details: { from: 'user', to: 'moderator' }, address: '192.0.2.7' }),
    ]);
  });

  it('closes an account: its sessions end, nobody can sign in, until it is opened again', async () => {
    const { caller } = await newAdmin();
    const { user, tokens, email } = await harness.register();
    const session = await harness.auth.checkSession(
      { sessionId: ((await harness.as(tokens)) as any).actor.principal.sessionId },
      harness.anonymous,
    );
    expect(session.active).toBe(true);
    await change(caller, user.id, { isActive: false });
    await expect(harness.auth.refresh({ refreshToken: tokens.refreshToken }, harness.anonymous)).rejects.toMatchObject({
      code: 'auth.refresh_invalid',
    });
    await expect(harness.auth.login({ email, password }, harness.anonymous)).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
    await waitUntil('the news', () => harness.events.some(({ topic, key }) => topic === 'user.session_revoked' && key === user.id));
    await change(caller, user.id, { isActive: true });
    await harness.auth.login({ email, password }, harness.anonymous);
  });

  it('never loses the last administrator, however many leave at once', async () => {
    await harness.postgres.db.execute(sql`UPDATE users SET role = 'user' WHERE role = 'admin'`);
    const [one, two] = [await newAdmin(), await newAdmin()];
    const both = await Promise.allSettled([change(one.caller, one.id, { role: 'user' }), change(two.caller, two.id, { isActive: false })]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason.code).toBe('user.last_admin');
  });

  it('reads the audit log by account, action and time, and nobody changes it', async () => {
    const { caller } = await newAdmin();
    const { user } = await harness.register();
    const entries = (await harness.admin.listAuditEntries({ userId: user.id }, caller)).items;
    expect(entries.map(({ action }) => action)).toEqual(['account.registered']);
    const later = timestampFromMs(harness.clock.now() + 60_000);
    expect((await harness.admin.listAuditEntries({ userId: user.id, from: later }, caller)).items).toEqual([]);
    for (const statement of [sql`DELETE FROM audit_log`, sql`UPDATE audit_log SET actor = 'nobody'`, sql`TRUNCATE audit_log`])
      await expect(harness.postgres.db.execute(statement)).rejects.toThrow();
  });

  it.each(['user', 'moderator'] as const)('is for administrators: a %s is refused every call', async (role) => {
    const { user, email } = await harness.register();
    await harness.postgres.db.execute(sql`UPDATE users SET role = ${role} WHERE id = ${user.id}`);
    const caller = await harness.as((await harness.auth.login({ email, password }, harness.anonymous)).tokens);
    for (const call of [
      () => harness.admin.listUsers({}, caller),
      () => change(caller, user.id, { role: 'admin' }),
      () => harness.admin.listAuditEntries({}, caller),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'auth.forbidden', httpStatus: 403 });
  });
});

describe('sessions', () => {
  it('are listed with device, address and last use, and the one that asks is marked', async () => {
    const { tokens, email } = await harness.register();
    await harness.auth.login({ email, password }, {
      ...harness.anonymous,
      client: { address: '198.51.100.4', userAgent: 'other/2' },
    } as CallOptions);
    const { items } = await harness.users.listSessions({}, await harness.as(tokens));
    expect(items).toEqual([
      expect.objectContaining({ device: 'other/2', address: '198.51.100.4', current: false }),
      expect.objectContaining({ device: 'harness/1', address: '192.0.2.7', current: true }),
    ]);
  });

  it("end one by one, and another's never", async () => {
    const { tokens, email } = await harness.register();
    const other = await harness.auth.login({ email, password }, harness.anonymous);
    const stranger = await harness.register();
    const caller = await harness.as(tokens);
    const { items } = await harness.users.listSessions({}, caller);
    const id = items.find(({ current }) => !current)!.id;
    await expect(harness.users.revokeSession({ id }, await harness.as(stranger.tokens))).rejects.toMatchObject({
      code: 'user.session_not_found',
      httpStatus: 404,
    });
    await harness.users.revokeSession({ id }, caller);
    expect((await harness.auth.checkSession({ sessionId: id }, harness.anonymous)).active).toBe(false);
    await expect(harness.auth.refresh({ refreshToken: other.tokens!.refreshToken! }, harness.anonymous)).rejects.toMatchObject({
      code: 'auth.refresh_invalid',
    });
    await expect(harness.users.revokeSession({ id }, caller)).rejects.toMatchObject({ code: 'user.session_not_found' });
  });

  it('end all but the one that asks', async () => {
    const { tokens, email } = await harness.register();
    for (let i = 0; i < 3; i += 1) await harness.auth.login({ email, password }, harness.anonymous);
    const caller = await harness.as(tokens);
    await harness.users.revokeSessions({}, caller);
    expect((await harness.users.listSessions({}, caller)).items.map(({ current }) => current)).toEqual([true]);
  });

  it('are a hundred an account at most: a further one ends the oldest', async () => {
    const { tokens, user } = await harness.register();
    await harness.postgres.db.execute(sql`
      INSERT INTO sessions (id, user_id, created_at, last_seen_at, expires_at, expires_at_max)
      SELECT gen_random_uuid(), ${user.id}, now() + n * interval '1 ms', now(), now() + interval '1 day', now() + interval '1 day'
      FROM generate_series(1, 100) AS n`);
    await harness.auth.login({ email: user.email, password }, harness.anonymous);
    const { rows } = await harness.postgres.db.execute<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM sessions WHERE user_id = ${user.id} AND revoked_at IS NULL`,
    );
    expect(rows[0]!.n).toBe(100);
    await expect(harness.auth.refresh({ refreshToken: tokens.refreshToken }, harness.anonymous)).rejects.toMatchObject({
      code: 'auth.refresh_invalid',
    });
  });

  it('are believed from the cache, which an end, a refresh and a new role empty before anybody hears of it', async () => {
    const { tokens, user } = await harness.register();
    const sessionId = ((await harness.as(tokens)) as any).actor.principal.sessionId as string;
    const check = async () => harness.auth.checkSession({ sessionId }, harness.anonymous);
    expect(await check()).toMatchObject({ active: true, role: 'user' });
    // Behind the service's back: what is cached is still believed.
    await harness.postgres.db.execute(sql`UPDATE users SET role = 'moderator' WHERE id = ${user.id}`);
    expect(await check()).toMatchObject({ role: 'user' });
    await harness.auth.refresh({ refreshToken: tokens.refreshToken }, harness.anonymous);
    expect(await check()).toMatchObject({ role: 'moderator' });
    await harness.auth.logout({}, await harness.as(tokens));
    await waitUntil('the news', () => harness.events.some(({ payload }) => (payload as { sessionId?: string }).sessionId === sessionId));
    expect((await check()).active).toBe(false);
  });
});
