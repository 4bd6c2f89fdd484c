import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commonErrors } from '@quotemaster/errors';
import { asJob, collect, newUser, openHouse } from './support/house.ts';
import type { House } from './support/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.stop());

const river = 'A river does not hurry, and still it reaches the sea.';

async function leaveTraces(): Promise<ReturnType<typeof newUser>> {
  const user = newUser();
  house.ai.answerWith(() => [river]);
  await house.quotes.generateQuotes({ prompt: 'patience' }, user.call({ idempotencyKey: 'generate' }));
  await house.quotes.createQuote({ text: 'Bread remembers the hands that made it.', author: 'Ana', tags: ['work'] }, user.call());
  return user;
}

describe('Export', () => {
  it('gives every quote of the user as the public API shows it, and none of others', async () => {
    const user = await leaveTraces();
    await leaveTraces();
    const records = await collect(house.privacy.export({ userId: user.id }, asJob));
    expect(records.map((record) => record.kind)).toEqual(['quote', 'quote']);
    const quotes = records.map((record) => JSON.parse(record.json) as Record<string, unknown>);
    expect(quotes[0]).toMatchObject({
      text: 'Bread remembers the hands that made it.',
      author: 'Ana',
      source: 'user',
      tags: ['work'],
      favorite: false,
    });
    expect(quotes[1]).toMatchObject({ text: river, source: 'ai_generated', tags: [] });
    expect(quotes[1]).not.toHaveProperty('author');
  });

  it('gives more quotes than fit one read', async () => {
    const user = newUser();
    await house.query(
      `insert into quotes (id, user_id, text, text_hash, psychological_profile, emotional_tone, emotions, sentiment_score, quality_score, quality, provenance, source, created_at, updated_at)
       select gen_random_uuid(), $1, 'Thought ' || n, repeat('0', 64), '{}', 'calm', '[]', 0, 0, '{}', '{"kind":"user"}', 'user', now() - (n / 3) * interval '1 ms', now() from generate_series(1, 450) n`,
      [user.id],
    );
    const records = await collect(house.privacy.export({ userId: user.id }, asJob));
    expect(new Set(records.map((record) => record.json)).size).toBe(450);
  });
});

describe('Erase', () => {
  it('removes quotes, stored answers and events of the user and nothing of others; a second time there is nothing', async () => {
    const user = await leaveTraces();
    const other = await leaveTraces();
    const { erasedRecords } = await house.privacy.erase({ userId: user.id }, asJob);
    expect(erasedRecords).toBeGreaterThanOrEqual(3);
    for (const [table, column] of [
      ['quotes', 'user_id'],
      ['idempotency', 'scope'],
      ['outbox', 'key'],
    ] as const) {
      expect(await house.query(`select 1 from ${table} where ${column}::text = $1`, [user.id])).toHaveLength(0);
      expect(await house.query(`select 1 from ${table} where ${column}::text = $1`, [other.id])).not.toHaveLength(0);
    }
    expect((await house.privacy.erase({ userId: user.id }, asJob)).erasedRecords).toBe(0);
  });
});

describe('PrivacyService', () => {
  it('is refused to a caller that acts for another user', async () => {
    const user = newUser();
    const stranger = newUser();
    await expect(house.privacy.erase({ userId: user.id }, stranger.call())).rejects.toMatchObject({ code: commonErrors.forbidden.code });
    await expect(collect(house.privacy.export({ userId: user.id }, stranger.call()))).rejects.toMatchObject({
      code: commonErrors.forbidden.code,
    });
    expect(await collect(house.privacy.export({ userId: user.id }, user.call()))).toEqual([]);
  });
});
