import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from '@quotemaster/client';
import type { Client } from '@quotemaster/client';
import { waitUntil } from '@quotemaster/testkit';
import { startSystem } from './support/system.ts';
import type { TestSystem } from './support/system.ts';

describe('the client, against the system', () => {
  let system: TestSystem;
  let anybody: Client;
  let ada: Client;
  let tokens: { accessToken: string; refreshToken?: string };

  beforeAll(async () => {
    system = await startSystem();
    anybody = createClient({ baseUrl: system.url });
    ada = createClient({ baseUrl: system.url, credentials: () => tokens });
  }, 60_000);
  afterAll(() => system.stop());

  it('registers, generates, lists, marks, reads, removes and signs out', async () => {
    const body = { email: 'ada@example.org', password: 'a long walk by the sea', fullName: 'Ada Lovelace' };
    const registered = await anybody.post('/v1/auth/register', { body });
    tokens = registered.tokens;
    expect((await ada.get('/v1/users/me')).fullName).toBe('Ada Lovelace');

    const { quotes, generation } = await ada.post('/v1/quotes/generate', { body: { prompt: 'a door left open', count: 2 } });
    expect([quotes.length, generation.provider]).toEqual([2, 'offline']);
    const params = { path: { id: quotes[0]!.id } };
    await ada.put('/v1/quotes/{id}/favorite', { params });
    expect((await ada.get('/v1/quotes', { params: { query: { favorite: true } } })).items.map(({ id }) => id)).toEqual([params.path.id]);
    expect(await ada.patch('/v1/quotes/{id}', { params, body: { author: 'me' } })).toMatchObject({ author: 'me' });
    await ada.delete('/v1/quotes/{id}', { params });
    await expect(ada.get('/v1/quotes/{id}', { params })).rejects.toMatchObject({ status: 404, code: 'quote.not_found' });

    await ada.post('/v1/auth/logout', { body: { refreshToken: tokens.refreshToken ?? '' } });
    const refusal = await waitUntil('the session has ended everywhere', () =>
      ada.get('/v1/users/me').then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    expect(refusal).toMatchObject({ status: 401, code: 'auth.unauthenticated' });
    tokens = (await anybody.post('/v1/auth/login', { body: { email: body.email, password: body.password } })).tokens;
  });

  it('reads a generation as it goes, and takes one that was cut up again without making it twice', async () => {
    let cuts = 0;
    const brittle = createClient({
      baseUrl: system.url,
      credentials: () => tokens,
      pause: () => Promise.resolve(),
      // The first connection breaks after the first piece that comes.
      fetch: async (request) => {
        const response = await fetch(request);
        if (cuts++ > 0 || response.body === null) return response;
        let pieces = 0;
        const cut = new TransformStream<Uint8Array, Uint8Array>({
          transform(piece, controller) {
            if ((pieces += 1) > 1) controller.error(new Error('cut'));
            else controller.enqueue(piece);
          },
        });
        return new Response(response.body.pipeThrough(cut), response);
      },
    });
    const before = (await ada.get('/v1/quotes', { params: { query: { pageSize: 100 } } })).items.length;
    const names: string[] = [];
    for await (const { event, isRestart } of brittle.events('/v1/quotes/generate', { body: { prompt: 'the long way home', count: 3 } })) {
      expect(isRestart).toBeUndefined();
      names.push(event);
    }
    expect(names.filter((name) => name === 'quote')).toHaveLength(3);
    expect(names.at(-1)).toBe('done');
    const after = (await ada.get('/v1/quotes', { params: { query: { pageSize: 100 } } })).items.length;
    expect(after - before).toBe(3);
    expect(cuts).toBeGreaterThan(1);
  });

  it('tells each fault of a request by its field', async () => {
    const refused = ada.post('/v1/quotes', { body: { text: ' ', tags: ['a', ''] } });
    await expect(refused).rejects.toMatchObject({ status: 400, errors: [{ field: 'text' }, { field: 'tags[1]' }] });
  });
});
