import { hash } from '@node-rs/argon2';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthService } from '@quotemaster/contract/user';
import type { BusEvent } from '@quotemaster/redis';
import { createRpcClient } from '@quotemaster/rpc';
import { waitUntil } from '@quotemaster/testkit';
import { sql } from 'drizzle-orm';
import { sessionLimits } from '../src/domain/refresh-family.ts';
import { pruneSessions } from '../src/jobs/session-pruner.ts';
import { password, startHarness } from './harness.ts';
import type { Harness, Pair } from './harness.ts';

const day = 24 * 3_600_000;
const invalid = { code: 'auth.refresh_invalid', httpStatus: 401 };
const reused = { code: 'auth.refresh_reused', httpStatus: 401 };

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness.stop();
});

async function refresh(refreshToken: string): Promise<Pair> {
  const { tokens } = await harness.auth.refresh({ refreshToken }, harness.anonymous);
  return tokens as Pair;
}

async function sessionId(tokens: Parameters<Harness['as']>[0]): Promise<string> {
  const { actor } = (await harness.as(tokens)) as { actor: { principal: { sessionId: string } } };
  return actor.principal.sessionId;
}

async function check(id: string) {
  return harness.auth.checkSession({ sessionId: id }, harness.anonymous);
}

const revocations = (id: string): readonly BusEvent[] =>
  harness.events.filter(({ topic, payload }) => topic === 'user.session_revoked' && (payload as { sessionId: string }).sessionId === id);

describe('sign-in', () => {
  it('gives the account and a session, for the address in any case', async () => {
    const { user, email } = await harness.register();
    const answer = await harness.auth.login({ email: email.toUpperCase(), password }, harness.anonymous);
    expect(answer.user).toEqual(user);
    expect(await check(await sessionId(answer.tokens))).toMatchObject({ active: true, userId: user.id, role: 'user' });
  });

  it('answers an unknown address, a wrong password and a closed account alike', async () => {
    const { email } = await harness.register();
    const closed = await harness.register();
    await harness.postgres.db.execute(sql`UPDATE users SET is_active = false WHERE id = ${closed.user.id}`);
    const attempts = [
      { email: 'nobody@example.com', password },
      { email, password: `${password}!` },
      { email: closed.email, password },
    ].map(async (request) => harness.auth.login(request, harness.anonymous).catch((error: unknown) => error));
    const answers = (await Promise.all(attempts)) as { code: string; detail: string; metadata: object }[];
    for (const { code, detail, metadata } of answers) {
      expect({ code, detail, metadata }).toEqual({
        code: 'auth.invalid_credentials',
        detail: answers[0]!.detail,
        metadata: answers[0]!.metadata,
      });
    }
  });

  it('hashes a password anew when it was hashed with other parameters', async () => {
    const { user, email } = await harness.register();
    const outdated = await hash(password, { memoryCost: 8_192, timeCost: 3, parallelism: 1 });
    await harness.postgres.db.execute(sql`UPDATE users SET hashed_password = ${outdated} WHERE id = ${user.id}`);
    await harness.auth.login({ email, password }, harness.anonymous);
    const { rows } = await harness.postgres.db.execute<{ hashed: string }>(
      sql`SELECT hashed_password AS hashed FROM users WHERE id = ${user.id}`,
    );
    expect(rows[0]!.hashed).toContain('m=19456,t=2,p=1');
    await harness.auth.login({ email, password }, harness.anonymous);
  });

  it('takes the same password in another Unicode form', async () => {
    const email = 'accents@example.com';
    await harness.auth.register({ email, password: 'un caf\u00e9 \u00e0 la plage' }, harness.anonymous);
    await harness.auth.login({ email, password: 'un cafe\u0301 a\u0300 la plage' }, harness.anonymous);
  });

  it('leaves an entry in the audit log, refused or not', async () => {
    const { user, email } = await harness.register();
    await harness.auth.login({ email, password }, harness.anonymous);
    await harness.auth.login({ email, password: 'the wrong one' }, harness.anonymous).catch(() => undefined);
    const { rows } = await harness.postgres.db.execute(sql`SELECT action, details FROM audit_log WHERE user_id = ${user.id} ORDER BY id`);
    expect(rows).toEqual([
      { action: 'account.registered', details: { method: 'password' } },
      { action: 'session.opened', details: { method: 'password' } },
      { action: 'session.refused', details: { reason: 'password' } },
    ]);
  });
});

describe('refresh', () => {
  it('gives a new pair for the same session and spends the old token', async () => {
    const { tokens } = await harness.register();
    const next = await refresh(tokens.refreshToken);
    expect(next.refreshToken).not.toBe(tokens.refreshToken);
    expect(next.accessToken).not.toBe(tokens.accessToken);
    expect(await sessionId(next)).toBe(await sessionId(tokens));
    expect((await refresh(next.refreshToken)).refreshToken).not.toBe(next.refreshToken);
  });

  it('gives two tabs that refresh at once the same answer', async () => {
    const { tokens } = await harness.register();
    const answers = await Promise.all(Array.from({ length: 8 }, async () => refresh(tokens.refreshToken)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    await refresh(answers[0]!.refreshToken);
  });

  it('repeats a lost answer for 10 s while the new token is unused', async () => {
    const { tokens } = await harness.register();
    const first = await refresh(tokens.refreshToken);
    harness.clock.jump(8_000);
    expect(await refresh(tokens.refreshToken)).toEqual(first);
    await refresh(first.refreshToken);
  });

  it('ends the family when a spent token comes back after 10 s', async () => {
    const { user, tokens } = await harness.register();
    const id = await sessionId(tokens);
    const next = await refresh(tokens.refreshToken);
    harness.clock.jump(10_001);
    await expect(refresh(tokens.refreshToken)).rejects.toMatchObject(reused);
    await expect(refresh(next.refreshToken)).rejects.toMatchObject(invalid);
    await expect(refresh(tokens.refreshToken)).rejects.toMatchObject(invalid);
    expect(await check(id)).toMatchObject({ active: false, userId: '', role: '' });
    const { rows } = await harness.postgres.db.execute(
      sql`SELECT user_id, actor, details FROM audit_log WHERE session_id = ${id} AND action = 'session.revoked'`,
    );
    expect(rows).toEqual([{ user_id: user.id, actor: 'anonymous', details: { reason: 'refresh_reused' } }]);
    await waitUntil('user.session_revoked', () => revocations(id).length === 1);
  });

  it('ends the family when a spent token comes back after its successor was used, however soon', async () => {
    const { tokens } = await harness.register();
    const next = await refresh(tokens.refreshToken);
    const last = await refresh(next.refreshToken);
    await expect(refresh(tokens.refreshToken)).rejects.toMatchObject(reused);
    await expect(refresh(last.refreshToken)).rejects.toMatchObject(invalid);
  });

  it('leaves the other sessions of the same person alone when one family ends', async () => {
    const { tokens, email } = await harness.register();
    const other = await harness.auth.login({ email, password }, harness.anonymous);
    await refresh(tokens.refreshToken);
    harness.clock.jump(10_001);
    await expect(refresh(tokens.refreshToken)).rejects.toMatchObject(reused);
    await refresh(other.tokens!.refreshToken!);
  });

  it('dies after 30 days without use, and lives on when used', async () => {
    const { tokens } = await harness.register();
    const { tokens: idle } = await harness.register();
    harness.clock.jump(29 * day);
    const next = await refresh(tokens.refreshToken);
    harness.clock.jump(2 * day);
    await expect(refresh(idle.refreshToken)).rejects.toMatchObject(invalid);
    await refresh(next.refreshToken);
  });

  it('dies 90 days after the sign-in however much it is used', async () => {
    let { tokens } = await harness.register();
    const id = await sessionId(tokens);
    for (let month = 0; month < 3; month += 1) {
      harness.clock.jump(29 * day);
      tokens = await refresh(tokens.refreshToken);
    }
    harness.clock.jump(3 * day - 60_000);
    tokens = await refresh(tokens.refreshToken);
    expect((await check(id)).active).toBe(true);
    harness.clock.jump(60_000);
    await expect(refresh(tokens.refreshToken)).rejects.toMatchObject(invalid);
    expect((await check(id)).active).toBe(false);
  });

  it('refuses a closed account', async () => {
    const { user, tokens } = await harness.register();
    await harness.postgres.db.execute(sql`UPDATE users SET is_active = false WHERE id = ${user.id}`);
    await expect(refresh(tokens.refreshToken)).rejects.toMatchObject(invalid);
    expect((await check(await sessionId(tokens))).active).toBe(false);
  });

  it.each([
    ['no token', undefined],
    ['something else', 'not-a-token'],
    ['an unknown token', `qmr_${'A'.repeat(43)}`],
  ])('refuses %s', async (_, refreshToken) => {
    await expect(harness.auth.refresh(refreshToken === undefined ? {} : { refreshToken }, harness.anonymous)).rejects.toMatchObject(
      invalid,
    );
  });

  it('keeps no token that could be used by whoever reads the database', async () => {
    const { tokens } = await harness.register();
    const next = await refresh(tokens.refreshToken);
    const { rows } = await harness.postgres.db.execute<{ dump: string }>(sql`
      SELECT string_agg(encode(hash, 'escape') || encode(coalesce(sealed_answer, ''), 'escape'), '|') AS dump FROM refresh_tokens`);
    for (const token of [tokens.refreshToken, next.refreshToken, next.accessToken]) expect(rows[0]!.dump).not.toContain(token);
  });

  it('forgets the sealed answer once the successor is used', async () => {
    const { tokens } = await harness.register();
    const next = await refresh(tokens.refreshToken);
    await refresh(next.refreshToken);
    const id = await sessionId(tokens);
    const { rows } = await harness.postgres.db.execute<{ sealed: number }>(sql`
      SELECT count(sealed_answer)::int AS sealed FROM refresh_tokens WHERE session_id = ${id}`);
    expect(rows[0]!.sealed).toBe(1);
  });
});

describe('logout', () => {
  it('ends the session and tells everybody within a second', async () => {
    const { user, tokens } = await harness.register();
    const id = await sessionId(tokens);
    const since = performance.now();
    await harness.auth.logout({}, await harness.as(tokens));
    await waitUntil('user.session_revoked', () => revocations(id).length === 1, { timeoutMs: 1_000 - (performance.now() - since) });
    expect(revocations(id)[0]).toMatchObject({ key: user.id, payload: { sessionId: id, userId: user.id } });
    expect((await check(id)).active).toBe(false);
    await expect(refresh(tokens.refreshToken)).rejects.toMatchObject(invalid);
  });

  it('is harmless the second time', async () => {
    const { tokens } = await harness.register();
    const me = await harness.as(tokens);
    await Promise.all([harness.auth.logout({}, me), harness.auth.logout({ refreshToken: tokens.refreshToken }, me)]);
    await harness.auth.logout({}, me);
    const { rows } = await harness.postgres.db.execute(
      sql`SELECT 1 FROM audit_log WHERE session_id = ${await sessionId(tokens)} AND action = 'session.revoked'`,
    );
    expect(rows).toHaveLength(1);
  });

  it('ends the session of the refresh token too, where it is the same person’s', async () => {
    const { tokens, email } = await harness.register();
    const other = await harness.auth.login({ email, password }, harness.anonymous);
    const stranger = await harness.register();
    const third = await harness.auth.login({ email, password }, harness.anonymous);

    await harness.auth.logout({ refreshToken: other.tokens!.refreshToken! }, await harness.as(tokens));
    for (const ended of [tokens, other.tokens!]) expect((await check(await sessionId(ended))).active).toBe(false);

    await harness.auth.logout({ refreshToken: stranger.tokens.refreshToken }, await harness.as(third.tokens));
    expect((await check(await sessionId(stranger.tokens))).active).toBe(true);
  });

  it('wins over a refresh that runs at the same time', async () => {
    const { tokens } = await harness.register();
    const me = await harness.as(tokens);
    const [raced] = await Promise.allSettled([refresh(tokens.refreshToken), harness.auth.logout({}, me)]);
    expect((await check(await sessionId(tokens))).active).toBe(false);
    if (raced.status === 'fulfilled') await expect(refresh(raced.value.refreshToken)).rejects.toMatchObject(invalid);
    else expect(raced.reason).toMatchObject(invalid);
  });
});

describe('a session', () => {
  it('that nobody opened is not active', async () => {
    expect((await check('00000000-0000-7000-8000-000000000000')).active).toBe(false);
  });

  it('is asked about by the gateway alone', async () => {
    const { tokens } = await harness.register();
    const quote = createRpcClient(AuthService, { address: harness.address, callee: 'user', identity: harness.identityOf('quote') });
    const asked = quote.checkSession({ sessionId: await sessionId(tokens) }, { timeoutMs: 5_000, actor: { kind: 'job' } });
    await expect(asked).rejects.toThrow('PERMISSION_DENIED');
    quote.close();
  });

  it('is removed with its tokens a day after it ended, and not before', async () => {
    const { tokens } = await harness.register();
    const id = await sessionId(tokens);
    const count = async () => (await harness.postgres.db.execute(sql`SELECT 1 FROM refresh_tokens WHERE session_id = ${id}`)).rows.length;
    const prune = async () => pruneSessions({ clock: harness.clock, postgres: harness.postgres }, () => false);
    harness.clock.jump(sessionLimits.idleMs + day - 60_000);
    await prune();
    expect(await count()).toBe(1);
    harness.clock.jump(120_000);
    expect(await prune()).toBeGreaterThan(0);
    expect(await count()).toBe(0);
  });
});
