import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StreamGenerateQuotesResponse } from '@quotemaster/contract/quote';
import { AppError, commonErrors } from '@quotemaster/errors';
import { waitUntil } from '@quotemaster/testkit';
import { collect, newUser, openHouse } from './support/house.ts';
import type { House } from './support/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.stop());

const river = 'A river does not hurry, and still it reaches the sea.';
const lantern = 'Carry a lantern for the road behind you as well.';

const kinds = (events: readonly StreamGenerateQuotesResponse[]): (string | undefined)[] => [
  ...new Set(events.map(({ event }) => event.case)),
];
const quotesOf = (events: readonly StreamGenerateQuotesResponse[]) =>
  events.flatMap(({ event }) => (event.case === 'quote' ? [event.value] : []));
const deltasOf = (events: readonly StreamGenerateQuotesResponse[]) =>
  events.flatMap(({ event }) => (event.case === 'delta' ? [event.value] : []));

describe('StreamGenerateQuotes', () => {
  it('gives deltas as they are written, then what was stored, then done', async () => {
    const user = newUser();
    house.ai.answerWith(() => [river, lantern]);
    const events = await collect(house.quotes.streamGenerateQuotes({ request: { prompt: 'patience', count: 2 } }, user.call()));

    expect(kinds(events)).toEqual(['delta', 'quote', 'done']);
    const written = [0, 1].map((index) =>
      deltasOf(events)
        .filter((delta) => delta.index === index)
        .map((delta) => delta.text)
        .join(''),
    );
    expect(written).toEqual([river, lantern]);
    for (const quote of quotesOf(events)) expect((await house.quotes.getQuote({ id: quote.id }, user.call())).quote).toEqual(quote);
    expect(events.at(-1)?.event).toMatchObject({ case: 'done', value: { generation: { provider: 'stand-in' } } });
  });

  it('replays to a stream what a plain call stored, without deltas, and the other way round', async () => {
    const user = newUser();
    house.ai.answerWith((_ask, number) => [[river, lantern][number - 1]!]);
    const plain = await house.quotes.generateQuotes({ prompt: 'patience' }, user.call({ idempotencyKey: 'one' }));
    const replay = await collect(
      house.quotes.streamGenerateQuotes({ request: { prompt: 'patience' } }, user.call({ idempotencyKey: 'one' })),
    );
    expect(kinds(replay)).toEqual(['quote', 'done']);
    expect(quotesOf(replay)).toEqual(plain.quotes);

    const stream = await collect(house.quotes.streamGenerateQuotes({ request: { prompt: 'light' } }, user.call({ idempotencyKey: 'two' })));
    const again = await house.quotes.generateQuotes({ prompt: 'light' }, user.call({ idempotencyKey: 'two' }));
    expect(again.quotes).toEqual(quotesOf(stream));
    expect(house.ai.asks).toHaveLength(2);
  });

  it('counts the deltas of a further ask on from those before', async () => {
    const user = newUser();
    house.ai.answerWith(() => [river]);
    await house.quotes.generateQuotes({ prompt: 'patience' }, user.call());
    house.ai.answerWith((_ask, number) => [number === 1 ? river : lantern]);
    const events = await collect(house.quotes.streamGenerateQuotes({ request: { prompt: 'patience' } }, user.call()));
    expect(new Set(deltasOf(events).map((delta) => delta.index))).toEqual(new Set([0, 1]));
    expect(quotesOf(events).map((quote) => quote.text)).toEqual([lantern]);
  });

  it('ends with the error that the ask ended with', async () => {
    house.ai.answerWith(() => {
      throw new AppError(commonErrors.unavailable);
    });
    const stream = collect(house.quotes.streamGenerateQuotes({ request: { prompt: 'patience' } }, newUser().call()));
    await expect(stream).rejects.toMatchObject({ code: commonErrors.unavailable.code });
  });

  it('cancels the ask when its reader goes away, and stores nothing', async () => {
    const user = newUser();
    const abort = new AbortController();
    house.ai.answerWith(({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))));
    const stream = collect(house.quotes.streamGenerateQuotes({ request: { prompt: 'patience' } }, user.call({ signal: abort.signal })));
    await waitUntil('the ask', () => house.ai.asks.length > 0);
    abort.abort();
    await expect(stream).rejects.toMatchObject({ code: commonErrors.cancelled.code });
    await waitUntil('the ask is cancelled too', () => house.ai.asks[0]!.signal.aborted);
    expect((await house.quotes.listQuotes({}, user.call())).items).toEqual([]);
  });
});
