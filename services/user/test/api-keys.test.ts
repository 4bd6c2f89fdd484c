import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { hashApiKey, isApiKey } from '@quotemaster/auth';
import { waitUntil } from '@quotemaster/testkit';
import { sql } from 'drizzle-orm';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness.stop();
});

const resolve = async (secret: string) => harness.keys.resolveApiKey({ secretHash: hashApiKey(secret) }, harness.anonymous);
async function withKey(more: object = {}) {
  const { tokens, user, email } = await harness.register();
  const caller = await harness.as(tokens);
  const { apiKey, secret } = await harness.keys.createApiKey({ name: 'the blog', scopes: ['quotes:read'], ...more }, caller);
  return { caller, user, email, secret, key: apiKey! };
}

describe('API keys', () => {
  it('say what they are and act for their owner within their scopes', async () => {
    const { secret, key, user } = await withKey();
    expect(secret).toMatch(/^qm_dev_[0-9A-Za-z]{46}$/);
    expect(isApiKey(secret)).toBe(true);
    expect(key).toMatchObject({ name: 'the blog', scopes: ['quotes:read'], prefix: secret.slice(0, 13) });
    expect(await resolve(secret)).toMatchObject({ active: true, keyId: key.id, userId: user.id, scopes: ['quotes:read'] });
  });

  it('are kept as hashes: the secret is nowhere', async () => {
    const { secret } = await withKey();
    const { rows } = await harness.postgres.db.execute<{ text: string }>(sql`SELECT json_agg(k)::text AS text FROM api_keys k`);
    expect(rows[0]!.text).not.toContain(secret);
    expect(rows[0]!.text).toContain(hashApiKey(secret).toString('hex'));
    expect(harness.log.text()).not.toContain(secret);
  });

  it('are listed with their last use, without their secrets, to their owner alone', async () => {
    const { caller, key, secret } = await withKey();
    await harness.keys.createApiKey({ name: 'second', scopes: ['quotes:write'] }, caller);
    await resolve(secret);
    const first = await harness.keys.listApiKeys({ pageSize: 1 }, caller);
    expect(first.items.map(({ name }) => name)).toEqual(['second']);
    const rest = await harness.keys.listApiKeys({ pageSize: 1, pageToken: first.nextPageToken! }, caller);
    expect(rest.items[0]).toMatchObject({ id: key.id, lastUsedAt: expect.anything() });
    expect(rest.nextPageToken).toBeUndefined();
    const stranger = await harness.as((await harness.register()).tokens);
    expect((await harness.keys.listApiKeys({}, stranger)).items).toEqual([]);
    await expect(harness.keys.listApiKeys({ pageToken: first.nextPageToken! }, stranger)).rejects.toMatchObject({
      code: 'user.page_token_invalid',
    });
    for (const call of [
      () => harness.keys.getApiKey({ id: key.id }, stranger),
      () => harness.keys.revokeApiKey({ id: key.id }, stranger),
      () => harness.keys.rotateApiKey({ id: key.id }, stranger),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'key.not_found', httpStatus: 404 });
    expect((await harness.keys.getApiKey({ id: key.id }, caller)).apiKey).toMatchObject({ id: key.id });
  });

  it('end when they were to end', async () => {
    const { secret } = await withKey({ expiresAt: timestampFromMs(harness.clock.now() + 60_000) });
    expect((await resolve(secret)).active).toBe(true);
    harness.clock.jump(60_000);
    expect((await resolve(secret)).active).toBe(false);
    await expect(withKey({ expiresAt: timestampFromMs(harness.clock.now() - 1) })).rejects.toMatchObject({
      code: 'common.invalid_request',
      fields: [{ field: 'expiresAt', message: 'must be in the future' }],
    });
  });

  it('rotated, work on with the old secret for the grace asked for, and others are told', async () => {
    const { caller, secret, key } = await withKey();
    const { secret: next, apiKey } = await harness.keys.rotateApiKey({ id: key.id, graceSeconds: 600 }, caller);
    expect(apiKey!.id).toBe(key.id);
    expect((await resolve(next)).active).toBe(true);
    harness.clock.jump(599_000);
    expect((await resolve(secret)).active).toBe(true);
    harness.clock.jump(1_000);
    expect((await resolve(secret)).active).toBe(false);
    expect((await resolve(next)).active).toBe(true);
    await waitUntil('the news', () =>
      harness.events.some(({ topic, payload }) => topic === 'user.api_key_revoked' && (payload as { keyId: string }).keyId === key.id),
    );
  });

  it('rotated without grace, end at once; twice, leave only the last two secrets', async () => {
    const { caller, secret, key } = await withKey();
    const { secret: second } = await harness.keys.rotateApiKey({ id: key.id, graceSeconds: 0 }, caller);
    expect((await resolve(secret)).active).toBe(false);
    const { secret: third } = await harness.keys.rotateApiKey({ id: key.id }, caller);
    expect([await resolve(second), await resolve(third)].map(({ active }) => active)).toEqual([true, true]);
  });

  it('revoked, end at once and are gone', async () => {
    const { caller, secret, key } = await withKey();
    await harness.keys.revokeApiKey({ id: key.id }, caller);
    expect(await resolve(secret)).toMatchObject({ active: false, userId: '', scopes: [] });
    await expect(harness.keys.revokeApiKey({ id: key.id }, caller)).rejects.toMatchObject({ code: 'key.not_found' });
  });

  it('end with their account', async () => {
    const { secret, user } = await withKey();
    await harness.postgres.db.execute(sql`UPDATE users SET is_active = false WHERE id = ${user.id}`);
    expect((await resolve(secret)).active).toBe(false);
  });

  it('are fifty an account at most, however many are asked for at once', async () => {
    const { tokens } = await harness.register();
    const caller = await harness.as(tokens);
    const asked = await Promise.allSettled(
      Array.from({ length: 60 }, async (_, i) => harness.keys.createApiKey({ name: `key ${String(i)}`, scopes: ['quotes:read'] }, caller)),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(50);
    const refused = asked.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({ code: 'key.too_many', httpStatus: 409 });
  });

  it('are made by people who have just proved who they are, and for scopes that there are', async () => {
    const { tokens } = await harness.register();
    await expect(
      harness.keys.createApiKey({ name: 'admin', scopes: ['admin:everything'] }, await harness.as(tokens)),
    ).rejects.toMatchObject({ code: 'common.invalid_request' });
    harness.clock.jump(11 * 60_000);
    await expect(harness.keys.createApiKey({ name: 'late', scopes: ['quotes:read'] }, await harness.as(tokens))).rejects.toMatchObject({
      code: 'auth.reauthentication_required',
    });
  });
});
