import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrivacyService } from '@quotemaster/contract/privacy';
import type { CallOptions } from '@quotemaster/rpc';
import { createRpcClient } from '@quotemaster/rpc';
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

async function exported(caller: CallOptions): Promise<any> {
  const pieces: Uint8Array[] = [];
  for await (const { body } of harness.users.exportMe({}, caller)) pieces.push(body!.data);
  return JSON.parse(Buffer.concat(pieces).toString('utf8'));
}
const receipt = async (id: string, receiptToken?: string) =>
  (await harness.users.getReceipt({ id, ...(receiptToken === undefined ? {} : { receiptToken }) }, harness.anonymous)).receipt!;

describe('an export', () => {
  it('is one document with everything from every service, and no secret', async () => {
    const { tokens, user, email } = await harness.register();
    const caller = await harness.as(tokens);
    const { secret } = await harness.keys.createApiKey({ name: 'the blog', scopes: ['quotes:read'] }, caller);
    await harness.users.updatePreferences({ tone: 'dry' }, caller);
    harness.peer.records.set(user.id, ['{"id":"q1","text":"one"}', '{"id":"q2","text":"two"}']);
    const document = await exported(caller);
    expect(document).toMatchObject({ userId: user.id, exportedAt: expect.stringMatching(/^\d{4}-/) });
    expect(document.services.quote).toEqual([
      { kind: 'quote', data: { id: 'q1', text: 'one' } },
      { kind: 'quote', data: { id: 'q2', text: 'two' } },
    ]);
    const kinds = document.services.user.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['account', 'preferences', 'api_key', 'session', 'audit_entry']));
    expect(document.services.user[0].data).toMatchObject({ id: user.id, email });
    const text = JSON.stringify(document);
    for (const hidden of [secret, tokens.refreshToken, 'argon2', 'hashedPassword']) expect(text).not.toContain(hidden);
  });

  it('of a long life is sent in pieces and still one document', async () => {
    const { tokens, user } = await harness.register();
    harness.peer.records.set(
      user.id,
      Array.from({ length: 3_000 }, (_, i) => JSON.stringify({ id: i, text: 'x'.repeat(500) })),
    );
    expect((await exported(await harness.as(tokens))).services.quote).toHaveLength(3_000);
  });
});

describe('a deletion', () => {
  it('closes the account at once, then erases it everywhere, and the receipt tells how far it is', async () => {
    const { tokens, user, email } = await harness.register();
    const caller = await harness.as(tokens);
    await harness.mailTo(email);
    harness.peer.records.set(user.id, ['{}']);
    const { receiptId, receiptToken } = await harness.users.deleteMe({}, caller);
    await expect(harness.auth.login({ email, password }, harness.anonymous)).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
    await expect(harness.auth.refresh({ refreshToken: tokens.refreshToken }, harness.anonymous)).rejects.toMatchObject({
      code: 'auth.refresh_invalid',
    });
    await waitUntil('its end', async () => (await receipt(receiptId, receiptToken)).status === 'done');
    const done = await receipt(receiptId, receiptToken);
    expect(done.services).toEqual([
      expect.objectContaining({ service: 'ai-orchestrator', status: 'done', completedAt: expect.anything() }),
      expect.objectContaining({ service: 'quote', status: 'done', completedAt: expect.anything() }),
      expect.objectContaining({ service: 'user', status: 'done', completedAt: expect.anything() }),
    ]);
    expect(harness.peer.records.has(user.id)).toBe(false);
    const { rows } = await harness.postgres.db.execute<{ n: number }>(sql`
      SELECT (SELECT count(*) FROM users WHERE id = ${user.id})::int + (SELECT count(*) FROM sessions WHERE user_id = ${user.id})::int AS n`);
    expect(rows[0]!.n).toBe(0);
    expect(await harness.mailTo(email, 2)).toContain('Your account is being deleted');
    await waitUntil('the news', () => harness.events.some(({ topic, key }) => topic === 'user.erased' && key === user.id));
    // The address is free again.
    await harness.auth.register({ email, password }, harness.anonymous);
  });

  it('opens its receipt to nobody without the token of it', async () => {
    const { tokens } = await harness.register();
    const { receiptId, receiptToken } = await harness.users.deleteMe({}, await harness.as(tokens));
    const other = await harness.users.deleteMe({}, await harness.as((await harness.register()).tokens));
    for (const token of [undefined, '', 'qmd_guess', other.receiptToken])
      await expect(receipt(receiptId, token)).rejects.toMatchObject({ code: 'privacy.receipt_not_found', httpStatus: 404 });
    expect(await receipt(receiptId, receiptToken)).toMatchObject({ id: receiptId });
  });

  it('goes on until a service that is away has done its part; the account itself goes last', async () => {
    const { tokens, user } = await harness.register();
    harness.peer.records.set(user.id, ['{}']);
    let isAway = true;
    const { erase } = harness.peer;
    harness.peer.erase = (userId) => {
      if (isAway) throw new Error('away');
      return erase(userId);
    };
    try {
      const { receiptId, receiptToken } = await harness.users.deleteMe({}, await harness.as(tokens));
      await waitUntil('a failure', () => harness.log.text().includes('was not erased yet'));
      const { services } = await receipt(receiptId, receiptToken);
      expect(services.filter(({ service }) => service !== 'ai-orchestrator').map(({ status }) => status)).toEqual(['pending', 'pending']);
      isAway = false;
      harness.clock.jump(60_000);
      await waitUntil('its end', async () => (await receipt(receiptId, receiptToken)).status === 'done');
      expect(harness.peer.records.has(user.id)).toBe(false);
    } finally {
      harness.peer.erase = erase;
    }
  });

  it('that a crash cut short is taken up again, and what was still being written is swept a minute later', async () => {
    const { tokens, user } = await harness.register();
    let calls = 0;
    const { erase } = harness.peer;
    // The first call never comes back, as when the process that made it is gone.
    harness.peer.erase = async (userId) => {
      calls += 1;
      if (calls === 1) await new Promise((resolve) => setTimeout(resolve, 1_500));
      await erase(userId);
    };
    try {
      const { receiptId, receiptToken } = await harness.users.deleteMe({}, await harness.as(tokens));
      await waitUntil('the first call', () => calls === 1);
      await waitUntil('its end', async () => (await receipt(receiptId, receiptToken)).status === 'done', { timeoutMs: 10_000 });
      harness.peer.records.set(user.id, ['{"late":true}']);
      harness.clock.jump(61_000);
      await waitUntil('the sweep', () => !harness.peer.records.has(user.id));
    } finally {
      harness.peer.erase = erase;
    }
  });
});

describe("a service's own part", () => {
  it('is for the user service alone, and for whom the call is made', async () => {
    const { user } = await harness.register();
    const as = (name: 'gateway' | 'quote' | 'user') =>
      createRpcClient(PrivacyService, { address: harness.address, callee: 'user', identity: harness.identityOf(name) });
    for (const name of ['gateway', 'quote'] as const) {
      const client = as(name);
      await expect(client.erase({ userId: user.id }, { timeoutMs: 2_000, actor: { kind: 'job' } })).rejects.toMatchObject({
        httpStatus: 500,
      });
      client.close();
    }
    const own = as('user');
    const kinds: string[] = [];
    for await (const { kind } of own.export({ userId: user.id }, { timeoutMs: 2_000, actor: { kind: 'job' } })) kinds.push(kind);
    expect(kinds).toContain('account');
    expect(await own.erase({ userId: user.id }, { timeoutMs: 2_000, actor: { kind: 'job' } })).toMatchObject({ erasedRecords: 1 });
    expect(await own.erase({ userId: user.id }, { timeoutMs: 2_000, actor: { kind: 'job' } })).toMatchObject({ erasedRecords: 0 });
    own.close();
  });
});

describe('preferences', () => {
  it('are ours until they are set, and fall back to ours where they are left out', async () => {
    const caller = await harness.as((await harness.register()).tokens);
    expect((await harness.users.getPreferences({}, caller)).preferences).toMatchObject({ privacy: 'private', theme: 'system' });
    await harness.users.updatePreferences({ tone: 'dry', language: 'de', privacy: 'link', theme: 'dark' }, caller);
    expect((await harness.users.getPreferences({}, caller)).preferences).toMatchObject({ tone: 'dry', language: 'de', theme: 'dark' });
    const { preferences } = await harness.users.updatePreferences({ language: 'fr' }, caller);
    expect(preferences).toMatchObject({ language: 'fr', privacy: 'private', theme: 'system' });
    expect(preferences!.tone).toBeUndefined();
  });
});
