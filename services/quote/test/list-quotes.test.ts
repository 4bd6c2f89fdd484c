import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { quoteErrors } from '@quotemaster/contract/quote';
import type { ListQuotesRequestSchema, Quote } from '@quotemaster/contract/quote';
import { commonErrors } from '@quotemaster/errors';
import { createFakeClock } from '@quotemaster/testkit';
import fc from 'fast-check';
import { newUser, openHouse } from './support/house.ts';
import type { House, TestUser } from './support/house.ts';

type ListRequest = Omit<MessageInitShape<typeof ListQuotesRequestSchema>, '$typeName'>;

// Times of quotes are the test's; deadlines are those of the real clock, as they are told in time left.
const clock = createFakeClock(Date.now());
let house: House;
beforeAll(async () => {
  house = await openHouse({ clock });
});
afterAll(() => house.stop());

async function create(user: TestUser, text: string, tags: string[] = []): Promise<Quote> {
  return (await house.quotes.createQuote({ text, tags }, user.call())).quote!;
}

/** Walks all pages; `between` runs after each but the last. */
async function walk(user: TestUser, request: ListRequest, between: () => Promise<unknown> = () => Promise.resolve()): Promise<Quote[]> {
  const seen: Quote[] = [];
  let pageToken: string | undefined;
  do {
    const page = await house.quotes.listQuotes({ ...request, ...(pageToken === undefined ? {} : { pageToken }) }, user.call());
    seen.push(...page.items);
    pageToken = page.nextPageToken;
    if (pageToken !== undefined) await between();
  } while (pageToken !== undefined);
  return seen;
}

describe('ListQuotes', () => {
  it('gives every quote that was there once, newest first, while others are added, also of the same millisecond', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat({ max: 2 }), { maxLength: 3 }),
        async (pauses, pageSize, additions) => {
          const user = newUser();
          const before: Quote[] = [];
          for (const pause of pauses) {
            clock.advance(pause);
            before.push(await create(user, `Thought number ${String(before.length)} of the day.`));
          }
          const seen = await walk(user, { pageSize }, async () => {
            for (const pause of additions) {
              clock.advance(pause);
              await create(user, 'A later thought.');
            }
          });
          const ids = seen.map((quote) => quote.id);
          expect(new Set(ids).size).toBe(ids.length);
          expect(ids.filter((id) => before.some((quote) => quote.id === id)).toSorted()).toEqual(
            before.map((quote) => quote.id).toSorted(),
          );
          const times = seen.map((quote) => timestampDate(quote.createdAt!).getTime());
          expect(times).toEqual(times.toSorted((a, b) => b - a));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('has pages of 20 unless told otherwise, and no token at the end', async () => {
    const user = newUser();
    for (let index = 0; index < 21; index += 1) await create(user, `Thought number ${String(index)} of the day.`);
    const first = await house.quotes.listQuotes({}, user.call());
    expect(first.items).toHaveLength(20);
    const second = await house.quotes.listQuotes({ pageToken: first.nextPageToken!, pageSize: 100 }, user.call());
    expect(second.items).toHaveLength(1);
    expect(second.nextPageToken).toBeUndefined();
    expect((await house.quotes.listQuotes({ pageSize: 21 }, user.call())).nextPageToken).toBeUndefined();
  });

  it('keeps each filter, alone and on every page', async () => {
    const user = newUser();
    const quotes: Quote[] = [];
    house.ai.answerWith((_ask, number) => [`Number ${String(number)} walks alone along the quiet shore.`]);
    for (let index = 0; index < 6; index += 1) {
      clock.advance(1_000);
      quotes.push(await create(user, `Joy number ${String(index)} dances in bright sunshine!`, index % 2 === 0 ? ['even'] : []));
      quotes.push((await house.quotes.generateQuotes({ prompt: 'walks' }, user.call())).quotes[0]!);
    }
    for (const { id } of quotes.slice(0, 5)) await house.quotes.favoriteQuote({ id }, user.call());
    const all = await walk(user, {});
    const [newer, older] = [all[2]!.createdAt!, all[9]!.createdAt!];
    const ms = (quote: Quote): number => timestampDate(quote.createdAt!).getTime();
    const filters: [ListRequest, (quote: Quote) => boolean][] = [
      [{ source: 'user' }, (quote) => quote.source === 'user'],
      [{ source: 'ai_generated' }, (quote) => quote.source === 'ai_generated'],
      [{ tone: all[0]!.emotionalTone }, (quote) => quote.emotionalTone === all[0]!.emotionalTone],
      [{ tag: 'even' }, (quote) => quote.tags.includes('even')],
      [{ favorite: true }, (quote) => quote.favorite],
      [{ favorite: false }, (quote) => !quote.favorite],
      [{ minQuality: all[3]!.qualityScore }, (quote) => quote.qualityScore >= all[3]!.qualityScore],
      [{ from: older }, (quote) => ms(quote) >= timestampDate(older).getTime()],
      [{ to: newer }, (quote) => ms(quote) < timestampDate(newer).getTime()],
      [
        { from: older, to: newer, source: 'user' },
        (quote) => quote.source === 'user' && ms(quote) >= timestampDate(older).getTime() && ms(quote) < timestampDate(newer).getTime(),
      ],
      [{ source: 'voice' }, () => false],
    ];
    for (const [filter, keeps] of filters) expect(await walk(user, { ...filter, pageSize: 2 })).toEqual(all.filter(keeps));
  });

  it('takes a bound between two milliseconds for the later one', async () => {
    const user = newUser();
    const { createdAt } = await create(user, 'A moment.');
    const justAfter = { seconds: createdAt!.seconds, nanos: createdAt!.nanos + 1 };
    expect((await house.quotes.listQuotes({ from: createdAt! }, user.call())).items).toHaveLength(1);
    expect((await house.quotes.listQuotes({ from: justAfter }, user.call())).items).toHaveLength(0);
    expect((await house.quotes.listQuotes({ to: justAfter }, user.call())).items).toHaveLength(1);
  });

  it('refuses a token that is forged, of another user, or of other filters', async () => {
    const user = newUser();
    for (let index = 0; index < 3; index += 1) await create(user, `Thought number ${String(index)} of the day.`);
    const { nextPageToken } = await house.quotes.listQuotes({ pageSize: 1, source: 'user' }, user.call());
    const refused = expect.objectContaining({ code: quoteErrors.pageTokenInvalid.code });
    await expect(house.quotes.listQuotes({ pageToken: 'AAAA', source: 'user' }, user.call())).rejects.toEqual(refused);
    await expect(house.quotes.listQuotes({ pageToken: nextPageToken!, source: 'user' }, newUser().call())).rejects.toEqual(refused);
    await expect(house.quotes.listQuotes({ pageToken: nextPageToken! }, user.call())).rejects.toEqual(refused);
    await expect(
      house.quotes.listQuotes({ pageToken: nextPageToken!, source: 'user', from: timestampFromDate(new Date(0)) }, user.call()),
    ).rejects.toEqual(refused);
    expect((await house.quotes.listQuotes({ pageToken: nextPageToken!, source: 'user' }, user.call())).items).toHaveLength(2);
  });

  it('refuses filters that could match nothing stored', async () => {
    await expect(house.quotes.listQuotes({ tag: 'a\u0000b' }, newUser().call())).rejects.toMatchObject({
      code: commonErrors.invalidRequest.code,
    });
  });
});
