import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStandalone } from '../src/index.ts';
import type { Standalone } from '../src/index.ts';
import { call, login, register } from './api.ts';
import type { Api } from './api.ts';

describe('a journey through the whole system', () => {
  let dataDir: string;
  let system: Standalone;
  let printed = '';
  let ada: Api;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'qm-journey-'));
    system = await startStandalone({ QM_DATA_DIR: dataDir, QM_HTTP_PORT: '0', QM_ADMIN_PORT: '0' }, (text) => (printed += text));
    ada = await register(system.url, 'ada@example.org');
  }, 60_000);
  afterAll(async () => {
    await system.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('prints where to look and what is off', () => {
    expect(printed).toContain(`${system.url}/docs`);
    expect(printed).toContain('offline composer');
    expect(printed).toContain('Redis      off');
  });

  it('generates quotes, and finds them again by id and in the list', async () => {
    const generated = await ada.call('POST', '/v1/quotes/generate', {
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
      expect((await ada.call('GET', `/v1/quotes/${quote.id}`)).body).toEqual(quote);
    }
    const list = await ada.call('GET', '/v1/quotes?pageSize=2');
    expect(list.body.items).toHaveLength(2);
    const rest = await ada.call('GET', `/v1/quotes?pageSize=2&pageToken=${encodeURIComponent(list.body.nextPageToken)}`);
    const ids = [...list.body.items, ...rest.body.items].map((quote) => quote.id);
    expect(ids.sort()).toEqual(generated.body.quotes.map((quote: { id: string }) => quote.id).sort());
    expect(rest.body).not.toHaveProperty('nextPageToken');
  });

  it('never gives the same user the same quote for a repeated prompt', async () => {
    const texts = new Set<string>();
    for (let i = 0; i < 10; i += 1) {
      const { body } = await ada.call('POST', '/v1/quotes/generate', { prompt: 'patience' });
      texts.add(body.quotes[0].text);
    }
    expect(texts.size).toBe(10);
  });

  it("keeps, changes, marks and removes a quote of one's own", async () => {
    const created = await ada.call('POST', '/v1/quotes', { text: 'Bread first, then the argument.', tags: ['kitchen'] });
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe(`/v1/quotes/${created.body.id}`);
    const path = `/v1/quotes/${created.body.id}`;
    expect((await ada.call('PATCH', path, { author: 'my grandmother' })).body.author).toBe('my grandmother');
    expect((await ada.call('PATCH', path, { author: null })).body).not.toHaveProperty('author');
    expect((await ada.call('PUT', `${path}/favorite`)).status).toBe(204);
    expect((await ada.call('GET', '/v1/quotes?favorite=true')).body.items.map((quote: { id: string }) => quote.id)).toEqual([
      created.body.id,
    ]);
    expect((await ada.call('DELETE', path)).status).toBe(204);
    expect(await ada.call('GET', path)).toMatchObject({ status: 404, body: { code: 'quote.not_found' } });
  });

  it("shows nobody another user's quotes", async () => {
    const bob = await register(system.url, 'bob@example.org');
    const { body } = await ada.call('POST', '/v1/quotes', { text: 'Mine alone.' });
    expect((await bob.call('GET', `/v1/quotes/${body.id}`)).status).toBe(404);
    expect((await bob.call('DELETE', `/v1/quotes/${body.id}`)).status).toBe(404);
    expect((await bob.call('GET', '/v1/quotes')).body.items).toEqual([]);
  });

  it('makes one quote for one Idempotency-Key, however often it is sent', async () => {
    const send = () => ada.call('POST', '/v1/quotes/generate', { prompt: 'once' }, { 'idempotency-key': 'journey-1' });
    const first = await send();
    const second = await send();
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    const other = await ada.call('POST', '/v1/quotes/generate', { prompt: 'twice' }, { 'idempotency-key': 'journey-1' });
    expect(other).toMatchObject({ status: 422, body: { code: 'common.idempotency_key_reused' } });
  });

  it('stops an access token within a second of logout', async () => {
    const session = await login(system.url, 'ada@example.org');
    expect((await session.call('GET', '/v1/users/me')).status).toBe(200);
    expect((await session.call('POST', '/v1/auth/logout', {})).status).toBe(204);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect((await session.call('GET', '/v1/users/me')).status).toBe(401);
    expect((await ada.call('GET', '/v1/users/me')).status).toBe(200);
  });

  it('streams a generation as server-sent events', async () => {
    const response = await fetch(`${system.url}/v1/quotes/generate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada.accessToken}`, 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ prompt: 'a slow river', count: 2 }),
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = [...(await response.text()).matchAll(/^event: (\w+)$/gm)].map((match) => match[1]);
    expect(events.filter((event) => event === 'quote')).toHaveLength(2);
    expect(events).toContain('delta');
    expect(events.at(-1)).toBe('done');
  });

  it('serves health on the edge and on the admin port, and metrics of every service', async () => {
    expect((await fetch(`${system.url}/livez`)).status).toBe(200);
    expect((await fetch(`${system.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${system.adminUrl}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${system.adminUrl}/metrics`)).text();
    for (const service of ['gateway', 'user', 'quote', 'ai-orchestrator']) expect(metrics).toContain(`qm_service="${service}"`);
    expect((await fetch(`${system.url}/metrics`)).status).toBe(404);
  });

  it('answers what it does not know with a problem', async () => {
    expect(await call(system.url, 'GET', '/v1/nothing')).toMatchObject({
      status: 404,
      body: { code: 'common.not_found', instance: '/v1/nothing' },
    });
    expect(await call(system.url, 'GET', '/v1/quotes')).toMatchObject({ status: 401, body: { code: 'auth.unauthenticated' } });
  });
});
