import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppError, commonErrors } from '@quotemaster/errors';
import { waitUntil } from '@quotemaster/testkit';
import { newUser, openHouse } from './support/house.ts';
import type { House } from './support/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.stop());

const river = 'A river does not hurry, and still it reaches the sea.';
const lantern = 'Carry a lantern for the road behind you as well.';

const textsOf = ({ quotes }: { quotes: { text: string }[] }): string[] => quotes.map((quote) => quote.text);
const storedTexts = async (userId: string): Promise<string[]> =>
  (await house.query<{ text: string }>('select text from quotes where user_id = $1 order by text', [userId])).map((row) => row.text);

describe('an idempotency key', () => {
  it('makes one generation of twenty calls at once', async () => {
    const user = newUser();
    const key = randomUUID();
    const gate: PromiseWithResolvers<void> = Promise.withResolvers();
    house.ai.answerWith(async () => {
      await gate.promise;
      return [river];
    });
    const calls = Array.from({ length: 20 }, () => house.quotes.generateQuotes({ prompt: 'patience' }, user.call({ idempotencyKey: key })));
    let refused = 0;
    for (const call of calls) call.catch(() => (refused += 1));
    await waitUntil('nineteen refusals', () => refused === 19);
    gate.resolve();

    const settled = await Promise.allSettled(calls);
    expect(settled.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    for (const result of settled) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: commonErrors.idempotencyInFlight.code });
    }
    expect(house.ai.asks).toHaveLength(1);
    expect(await storedTexts(user.id)).toEqual([river]);
  });

  it('replays the stored answer, and says so', async () => {
    const user = newUser();
    house.ai.answerWith(() => [river]);
    const trailers: boolean[] = [];
    const call = user.call({ idempotencyKey: 'replay', onTrailer: ({ replayed }) => trailers.push(replayed) });
    const first = await house.quotes.generateQuotes({ prompt: 'patience', count: 1 }, call);
    expect(await house.quotes.generateQuotes({ prompt: 'patience', count: 1 }, call)).toEqual(first);
    expect(trailers).toEqual([false, true]);
    expect(house.ai.asks).toHaveLength(1);
  });

  it('is refused for another payload, and is another key for another user', async () => {
    const user = newUser();
    house.ai.answerWith((_ask, number) => [[river, lantern][number - 1]!]);
    await house.quotes.generateQuotes({ prompt: 'patience' }, user.call({ idempotencyKey: 'same' }));
    await expect(house.quotes.generateQuotes({ prompt: 'impatience' }, user.call({ idempotencyKey: 'same' }))).rejects.toMatchObject({
      code: commonErrors.idempotencyKeyReused.code,
    });
    expect(textsOf(await house.quotes.generateQuotes({ prompt: 'patience' }, newUser().call({ idempotencyKey: 'same' })))).toEqual([
      lantern,
    ]);
  });

  it('is free again after a failure between the ask and the store', async () => {
    const user = newUser();
    house.ai.answerWith((_ask, number) => {
      if (number === 1) throw new AppError(commonErrors.unavailable);
      return [river];
    });
    const call = user.call({ idempotencyKey: 'again' });
    await expect(house.quotes.generateQuotes({ prompt: 'patience' }, call)).rejects.toMatchObject({ code: commonErrors.unavailable.code });
    expect(textsOf(await house.quotes.generateQuotes({ prompt: 'patience' }, call))).toEqual([river]);
    expect(await storedTexts(user.id)).toEqual([river]);
  });
});

describe('a call whose claim was taken over', () => {
  it('stores nothing and answers as the one that took it over', async () => {
    const user = newUser();
    const gate: PromiseWithResolvers<void> = Promise.withResolvers();
    house.ai.answerWith(async (_ask, number) => {
      if (number === 1) await gate.promise;
      return [number === 1 ? river : lantern];
    });
    const call = user.call({ idempotencyKey: 'taken over' });
    const slow = house.quotes.generateQuotes({ prompt: 'patience' }, call);
    await waitUntil('the first ask', () => house.ai.asks.length === 1);
    // What a process that died leaves behind: a claim whose lease has run out.
    await house.query(`update idempotency set lease_until = now() - interval '1 minute' where scope = $1`, [user.id]);
    const second = await house.quotes.generateQuotes({ prompt: 'patience' }, call);
    gate.resolve();
    expect(await slow).toEqual(second);
    expect(await storedTexts(user.id)).toEqual([lantern]);
  });
});
