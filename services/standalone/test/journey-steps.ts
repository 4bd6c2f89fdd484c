import { expect, it } from '@jest/globals';
import { call, login, register } from './api.ts';
import type { Api } from './api.ts';

/** What a user does with the whole system, the same whether it runs in one process or in many. `ada` has just registered. */
export function journeySteps(url: () => string, ada: () => Api): void {
  it('generates quotes, and finds them again by id and in the list', async () => {
    const generated = await ada().call('POST', '/v1/quotes/generate', {
      prompt: 'starting again after a long winter',
      tone: 'hopeful',
      count: 3,
    });
    expect(generated.status).toBe(201);
    expect(generated.body.quotes).toHaveLength(3);
    expect(generated.body.generation).toMatchObject({ provider: 'offline', model: 'offline-composer-1', cached: 'none', degraded: false });
    for (const quote of generated.body.quotes) {
      expect(quote).toMatchObject({ source: 'ai_generated', aiModel: 'offline-composer-1', favorite: false, tags: [] });
      expect(quote.qualityScore).toBeGreaterThan(0);
      expect((await ada().call('GET', `/v1/quotes/${quote.id}`)).body).toEqual(quote);
    }
    const list = await ada().call('GET', '/v1/quotes?pageSize=2');
    expect(list.body.items).toHaveLength(2);
    const rest = await ada().call('GET', `/v1/quotes?pageSize=2&pageToken=${encodeURIComponent(list.body.nextPageToken)}`);
    const ids = [...list.body.items, ...rest.body.items].map((quote) => quote.id);
    expect(ids.sort()).toEqual(generated.body.quotes.map((quote: { id: string }) => quote.id).sort());
    expect(rest.body).not.toHaveProperty('nextPageToken');
  });

  it('never gives the same user the same quote for a repeated prompt', async () => {
    const texts = new Set<string>();
    for (let i = 0; i < 10; i += 1) {
      const { body } = await ada().call('POST', '/v1/quotes/generate', { prompt: 'patience' });
      texts.add(body.quotes[0].text);
    }
    expect(texts.size).toBe(10);
  });

  it("keeps, changes, marks and removes a quote of one's own", async () => {
    const created = await ada().call('POST', '/v1/quotes', { text: 'Bread first, then the argument.', tags: ['kitchen'] });
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe(`/v1/quotes/${created.body.id}`);
    const path = `/v1/quotes/${created.body.id}`;
    expect((await ada().call('PATCH', path, { author: 'my grandmother' })).body.author).toBe('my grandmother');
    expect((await ada().call('PATCH', path, { author: null })).body).not.toHaveProperty('author');
    expect((await ada().call('PUT', `${path}/favorite`)).status).toBe(204);
    expect((await ada().call('GET', '/v1/quotes?favorite=true')).body.items.map((quote: { id: string }) => quote.id)).toEqual([
      created.body.id,
    ]);
    expect((await ada().call('DELETE', path)).status).toBe(204);
    expect(await ada().call('GET', path)).toMatchObject({ status: 404, body: { code: 'quote.not_found' } });
  });

  it("shows nobody another user's quotes", async () => {
    const bob = await register(url(), `bob.${ada().email}`);
    const { body } = await ada().call('POST', '/v1/quotes', { text: 'Mine alone.' });
    expect((await bob.call('GET', `/v1/quotes/${body.id}`)).status).toBe(404);
    expect((await bob.call('DELETE', `/v1/quotes/${body.id}`)).status).toBe(404);
    expect((await bob.call('GET', '/v1/quotes')).body.items).toEqual([]);
  });

  it('makes one quote for one Idempotency-Key, however often it is sent', async () => {
    const send = () => ada().call('POST', '/v1/quotes/generate', { prompt: 'once' }, { 'idempotency-key': 'journey-1' });
    const first = await send();
    const second = await send();
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    const other = await ada().call('POST', '/v1/quotes/generate', { prompt: 'twice' }, { 'idempotency-key': 'journey-1' });
    expect(other).toMatchObject({ status: 422, body: { code: 'common.idempotency_key_reused' } });
  });

  it('stops an access token within a second of logout', async () => {
    const session = await login(url(), ada().email);
    expect((await session.call('GET', '/v1/users/me')).status).toBe(200);
    expect((await session.call('POST', '/v1/auth/logout', {})).status).toBe(204);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect((await session.call('GET', '/v1/users/me')).status).toBe(401);
    expect((await ada().call('GET', '/v1/users/me')).status).toBe(200);
  });

  it('streams a generation as server-sent events', async () => {
    const response = await fetch(`${url()}/v1/quotes/generate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada().accessToken}`, 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ prompt: 'a slow river', count: 2 }),
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = [...(await response.text()).matchAll(/^event: (\w+)$/gm)].map((match) => match[1]);
    expect(events.filter((event) => event === 'quote')).toHaveLength(2);
    expect(events).toContain('delta');
    expect(events.at(-1)).toBe('done');
  });

  it('answers what it does not know with a problem', async () => {
    expect(await call(url(), 'GET', '/v1/nothing')).toMatchObject({
      status: 404,
      body: { code: 'common.not_found', instance: '/v1/nothing' },
    });
    expect(await call(url(), 'GET', '/v1/quotes')).toMatchObject({ status: 401, body: { code: 'auth.unauthenticated' } });
  });
}
