import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { quoteErrors } from '@quotemaster/contract/quote';
import type { Quote } from '@quotemaster/contract/quote';
import { commonErrors } from '@quotemaster/errors';
import { newUser, openHouse } from './support/house.ts';
import type { House, TestUser } from './support/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.stop());

const words = 'A river does not hurry, and still it reaches the sea.';

async function create(user: TestUser, request: { text?: string; author?: string; tags?: string[] } = {}): Promise<Quote> {
  const { quote } = await house.quotes.createQuote({ text: words, ...request }, user.call());
  return quote!;
}

async function generate(user: TestUser, text: string): Promise<Quote> {
  house.ai.answerWith(() => [text]);
  const { quotes } = await house.quotes.generateQuotes({ prompt: 'patience' }, user.call());
  return quotes[0]!;
}

const read = async (user: TestUser, id: string): Promise<Quote> => (await house.quotes.getQuote({ id }, user.call())).quote!;
const topicsOf = async (user: TestUser): Promise<string[]> =>
  (await house.query<{ topic: string }>('select topic from outbox where key = $1 order by id', [user.id])).map((row) => row.topic);

describe('CreateQuote', () => {
  it('keeps a quote of one’s own, trimmed and analysed like any other', async () => {
    const user = newUser();
    const quote = await create(user, { text: `  ${words}\n`, author: ' Ana ', tags: ['calm', ' calm', 'water'] });
    expect(quote).toMatchObject({
      text: words,
      author: 'Ana',
      source: 'user',
      tags: ['calm', 'water'],
      favorite: false,
      provenance: { kind: 'user' },
    });
    expect(quote.aiModel).toBeUndefined();
    expect(quote.qualityScore).toBeGreaterThan(0);
    expect(quote.psychologicalProfile?.perspective?.label).not.toBe('');
    expect(await read(user, quote.id)).toEqual(quote);
    expect(await topicsOf(user)).toEqual(['quote.created']);
  });

  it('keeps the same words twice when they are written down twice', async () => {
    const user = newUser();
    const [first, second] = [await create(user), await create(user)];
    expect(first.id).not.toBe(second.id);
    expect(first.text).toBe(second.text);
  });

  it('replays its answer for the same idempotency key', async () => {
    const user = newUser();
    const call = user.call({ idempotencyKey: 'create' });
    const first = await house.quotes.createQuote({ text: words }, call);
    expect(await house.quotes.createQuote({ text: words }, call)).toEqual(first);
    expect((await house.quotes.listQuotes({}, user.call())).items).toHaveLength(1);
  });

  it('refuses what is blank or can not be stored, with the field named', async () => {
    const user = newUser();
    for (const [field, request] of [
      ['text', { text: ' \n ' }],
      ['text', { text: 'a\u0000b' }],
      ['author', { text: 'a', author: ' ' }],
      ['tags[1]', { text: 'a', tags: ['fine', 'not\tfine'] }],
    ] as const) {
      await expect(
        house.quotes.createQuote({ ...request, tags: 'tags' in request ? [...request.tags] : [] }, user.call()),
      ).rejects.toMatchObject({
        code: commonErrors.invalidRequest.code,
        fields: [expect.objectContaining({ field })],
      });
    }
  });
});

describe('UpdateQuote', () => {
  it('changes the fields that its mask names and no other', async () => {
    const user = newUser();
    const quote = await create(user, { author: 'Ana', tags: ['calm'] });
    const { quote: changed } = await house.quotes.updateQuote(
      { id: quote.id, text: 'ignored', tags: ['water'], updateMask: { paths: ['tags'] } },
      user.call(),
    );
    expect(changed).toEqual({ ...quote, tags: ['water'] });
    expect(await read(user, quote.id)).toEqual(changed);
  });

  it('clears author and tags that are named without a value', async () => {
    const user = newUser();
    const quote = await create(user, { author: 'Ana', tags: ['calm'] });
    const { quote: changed } = await house.quotes.updateQuote({ id: quote.id, updateMask: { paths: ['author', 'tags'] } }, user.call());
    expect(changed?.author).toBeUndefined();
    expect(changed?.tags).toEqual([]);
  });

  it('analyses a changed text anew and leaves its origin as it was', async () => {
    const user = newUser();
    const quote = await generate(user, words);
    const { quote: changed } = await house.quotes.updateQuote(
      { id: quote.id, text: 'Grief and hatred ruin everything, horribly!', updateMask: { paths: ['text'] } },
      user.call(),
    );
    expect(changed).toMatchObject({
      source: 'ai_generated',
      aiModel: quote.aiModel,
      provenance: quote.provenance,
      createdAt: quote.createdAt,
    });
    expect(changed?.sentimentScore).toBeLessThan(quote.sentimentScore);
    expect(changed?.quality?.relevance).toBeUndefined();
  });

  it('lets a generated quote be edited into the words of another, and the first words come again', async () => {
    const user = newUser();
    const first = await generate(user, words);
    const second = await generate(user, 'Bread remembers the hands that made it.');
    await house.quotes.updateQuote({ id: second.id, text: words, updateMask: { paths: ['text'] } }, user.call());
    expect((await generate(user, 'Bread remembers the hands that made it.')).id).not.toBe(second.id);
    expect((await read(user, first.id)).text).toBe(words);
  });

  it('refuses an empty mask, an unknown field and a text without words', async () => {
    const user = newUser();
    const { id } = await create(user);
    const refused: [string, { text?: string; paths?: string[] }][] = [
      ['updateMask', {}],
      ['updateMask', { paths: [] }],
      ['source', { paths: ['source'] }],
      ['text', { paths: ['text'] }],
      ['text', { text: '  ', paths: ['text'] }],
    ];
    for (const [field, { paths, ...rest }] of refused) {
      const request = { id, ...rest, ...(paths === undefined ? {} : { updateMask: { paths } }) };
      await expect(house.quotes.updateQuote(request, user.call())).rejects.toMatchObject({
        code: commonErrors.invalidRequest.code,
        fields: [expect.objectContaining({ field })],
      });
    }
  });
});

describe('FavoriteQuote and UnfavoriteQuote', () => {
  it('may be repeated, and tell only of changes', async () => {
    const user = newUser();
    const { id } = await create(user);
    await house.quotes.favoriteQuote({ id }, user.call());
    await house.quotes.favoriteQuote({ id }, user.call());
    expect((await read(user, id)).favorite).toBe(true);
    await house.quotes.unfavoriteQuote({ id }, user.call());
    await house.quotes.unfavoriteQuote({ id }, user.call());
    expect((await read(user, id)).favorite).toBe(false);
    expect(await topicsOf(user)).toEqual(['quote.created', 'quote.favorited', 'quote.unfavorited']);
  });
});

describe('DeleteQuote', () => {
  it('removes the quote; a second time there is nothing', async () => {
    const user = newUser();
    const { id } = await create(user);
    await house.quotes.deleteQuote({ id }, user.call());
    await expect(house.quotes.getQuote({ id }, user.call())).rejects.toMatchObject({ code: quoteErrors.notFound.code });
    await expect(house.quotes.deleteQuote({ id }, user.call())).rejects.toMatchObject({ code: quoteErrors.notFound.code });
    expect(await topicsOf(user)).toEqual(['quote.created', 'quote.deleted']);
  });
});

describe("another user's quote", () => {
  const calls: Record<string, (id: string, stranger: TestUser) => Promise<unknown>> = {
    GetQuote: (id, stranger) => house.quotes.getQuote({ id }, stranger.call()),
    UpdateQuote: (id, stranger) => house.quotes.updateQuote({ id, text: 'Mine now.', updateMask: { paths: ['text'] } }, stranger.call()),
    DeleteQuote: (id, stranger) => house.quotes.deleteQuote({ id }, stranger.call()),
    FavoriteQuote: (id, stranger) => house.quotes.favoriteQuote({ id }, stranger.call()),
    UnfavoriteQuote: (id, stranger) => house.quotes.unfavoriteQuote({ id }, stranger.call()),
  };

  it.each(Object.keys(calls))('is not there for %s, just as an unknown id is not', async (name) => {
    const owner = newUser();
    const quote = await create(owner);
    const stranger = newUser();
    for (const id of [quote.id, '01890000-0000-7000-8000-000000000000']) {
      await expect(calls[name]!(id, stranger)).rejects.toMatchObject({ code: quoteErrors.notFound.code });
    }
    expect(await read(owner, quote.id)).toEqual(quote);
  });

  it('is in no list of theirs', async () => {
    await create(newUser());
    expect((await house.quotes.listQuotes({}, newUser().call())).items).toEqual([]);
  });

  it('has a test here for every RPC that names a quote', async () => {
    const { QuoteService } = await import('@quotemaster/contract/quote');
    const named = QuoteService.methods
      .filter((method) => method.input.fields.some((field) => field.name === 'id'))
      .map((method) => method.name);
    expect(Object.keys(calls).toSorted()).toEqual(named.toSorted());
  });
});

describe('a call for nobody', () => {
  it('is refused', async () => {
    await expect(house.quotes.listQuotes({}, { timeoutMs: 5_000, actor: { kind: 'none' } })).rejects.toMatchObject({
      code: commonErrors.unauthenticated.code,
    });
  });
});
