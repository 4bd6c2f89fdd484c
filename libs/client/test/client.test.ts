import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient, ProblemError } from '../src/index.ts';
import type { Client, ClientOptions, StreamedEvent } from '../src/index.ts';
import { events, json, problem, reset, startMisbehavingServer } from './misbehaving-server.ts';
import type { MisbehavingServer } from './misbehaving-server.ts';

let server: MisbehavingServer;
let waits: number[];
beforeEach(async () => {
  server = await startMisbehavingServer();
  waits = [];
});
afterEach(() => server.stop());

const client = (options: Partial<ClientOptions> = {}): Client =>
  createClient({
    baseUrl: server.url,
    random: () => 1,
    pause: async (ms) => {
      waits.push(ms);
    },
    ...options,
  });
const failure = (promise: Promise<unknown>): Promise<ProblemError> =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as ProblemError,
  );
const quote = { id: 'q1', text: 'Begin.' };

describe('a call', () => {
  it('gives the answer itself, and sends what it was given', async () => {
    server.answer(json(200, { items: [quote] }));
    const list = await client().get('/v1/quotes', { params: { query: { pageSize: 3, tag: 'a b' } } });
    expect(list.items[0]?.text).toBe('Begin.');
    expect(server.seen[0]).toMatchObject({ method: 'GET', path: '/v1/quotes?pageSize=3&tag=a%20b' });
    server.answer((response) => response.writeHead(204).end());
    await client().delete('/v1/quotes/{id}', { params: { path: { id: 'q/1' } } });
    expect(server.seen[1]).toMatchObject({ method: 'DELETE', path: '/v1/quotes/q%2F1' });
  });

  it('bears the credentials of the moment', async () => {
    server.answer(json(200, { items: [] }));
    let token = 't1';
    const mine = client({ credentials: async () => ({ accessToken: token }) });
    await mine.get('/v1/quotes');
    token = 't2';
    await mine.get('/v1/quotes');
    await client({ credentials: () => ({ apiKey: 'k' }) }).get('/v1/quotes');
    await client({ isBrowser: true, credentials: () => undefined }).get('/v1/quotes');
    expect(server.seen.map(({ headers }) => headers.authorization ?? headers['x-api-key'] ?? headers['x-qm-client'])).toEqual([
      'Bearer t1',
      'Bearer t2',
      'k',
      'web',
    ]);
  });

  it('that takes an Idempotency-Key has one, the same for all its attempts; the caller’s own where there is one', async () => {
    server.answer(problem(503, 'common.unavailable', { 'retry-after': '2' }), reset, json(201, quote));
    expect(await client().post('/v1/quotes', { body: { text: 'Begin.' } })).toMatchObject(quote);
    const keys = server.seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(keys).size).toBe(1);
    expect(server.seen.map(({ body }) => body)).toEqual(Array(3).fill('{"text":"Begin."}'));
    expect(waits).toEqual([2_000, 800]);
    await client().post('/v1/quotes', { body: { text: 'Begin.' }, params: { header: { 'Idempotency-Key': 'mine' } } });
    expect(server.seen.at(-1)?.headers['idempotency-key']).toBe('mine');
  });

  it('waits for the first of its key to end', async () => {
    server.answer(problem(409, 'common.idempotency_in_flight', { 'retry-after': '1' }), json(201, quote));
    await client().post('/v1/quotes', { body: { text: 'Begin.' } });
    expect(waits).toEqual([1_000]);
  });

  it('is not repeated where that could do it twice, save when it was refused for its rate', async () => {
    const credentials = { email: 'a@example.org', password: 'a long walk by the sea' };
    server.answer(problem(503, 'common.unavailable', { 'retry-after': '1' }));
    expect(await failure(client().post('/v1/auth/login', { body: credentials }))).toMatchObject({ status: 503, retryAfterMs: 1_000 });
    server.answer(reset);
    expect(await failure(client().post('/v1/auth/login', { body: credentials }))).toMatchObject({ status: 0, code: 'client.network' });
    expect(server.seen).toHaveLength(2);
    server.answer(problem(429, 'common.rate_limited', { 'retry-after': '3' }), json(200, { user: {}, tokens: {} }));
    await client().post('/v1/auth/login', { body: credentials });
    expect([server.seen.length, waits]).toEqual([4, [3_000]]);
  });

  it('fails with the problem as the system told it, with the last one after three attempts', async () => {
    server.answer(problem(404, 'quote.not_found'));
    const missing = await failure(client().get('/v1/quotes/{id}', { params: { path: { id: 'x' } } }));
    expect(missing).toBeInstanceOf(ProblemError);
    expect(missing).toMatchObject({ status: 404, code: 'quote.not_found', detail: 'A detail.', requestId: 'r-1', errors: [] });
    server.answer(problem(504, 'common.deadline_exceeded'));
    expect(await failure(client().get('/v1/quotes'))).toMatchObject({ code: 'common.deadline_exceeded' });
    expect(server.seen).toHaveLength(4);
  });

  it('fails with a clear word where what answered is not the system', async () => {
    server.answer((response) => response.writeHead(418, { 'content-type': 'text/html' }).end('<h1>teapot'));
    expect(await failure(client().get('/v1/quotes'))).toMatchObject({ status: 418, code: 'client.unexpected_answer' });
  });

  it('does not wait for longer than it may take, and ends when its time is over', async () => {
    server.answer(problem(503, 'common.unavailable', { 'retry-after': '60' }));
    expect(await failure(client().get('/v1/quotes'))).toMatchObject({ code: 'common.unavailable', retryAfterMs: 60_000 });
    server.answer(() => undefined);
    expect(await failure(client({ timeoutMs: 50, attemptsMax: 1 }).get('/v1/quotes'))).toMatchObject({ code: 'client.timeout' });
  });

  it('ends at once when its caller gives it up, with the caller’s reason', async () => {
    server.answer(() => undefined);
    const reason = new Error('enough');
    const controller = new AbortController();
    const call = failure(client().get('/v1/quotes', { signal: controller.signal }));
    controller.abort(reason);
    expect(await call).toBe(reason);
  });
});

describe('a stream of events', () => {
  const event = (id: number, text: string): string => `id: ${String(id)}\nevent: delta\ndata: {"text":"${text}"}\n\n`;
  async function all(stream: AsyncGenerator<StreamedEvent>): Promise<StreamedEvent[]> {
    const list: StreamedEvent[] = [];
    for await (const one of stream) list.push(one);
    return list;
  }
  const generate = (own: Client = client()) => own.events('/v1/quotes/generate', { body: { prompt: 'a' } });

  it('is given event by event', async () => {
    server.answer(events([': heartbeat\n\n', event(1, 'Be'), event(2, 'gin.')], 'end'));
    expect(await all(generate())).toEqual([
      { id: '1', event: 'delta', data: { text: 'Be' } },
      { id: '2', event: 'delta', data: { text: 'gin.' } },
    ]);
    expect(server.seen[0]).toMatchObject({ method: 'POST', body: '{"prompt":"a"}', headers: { accept: 'text/event-stream' } });
  });

  it('goes on where it was cut, with the same key', async () => {
    server.answer(events([event(1, 'Be')], 'cut'), reset, events([event(2, 'gin.')], 'end'));
    expect((await all(generate())).map(({ id }) => id)).toEqual(['1', '2']);
    expect(server.seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1', '1']);
    expect(new Set(server.seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('comes back when a gateway that stops told it to, and says where it had to begin anew', async () => {
    server.answer(events([event(1, 'Be'), event(2, 'gin.'), 'retry: 70\n\n'], 'end'), events([event(1, 'End.')], 'end'));
    const got = await all(generate());
    expect(got.map(({ id, isRestart }) => [id, isRestart ?? false])).toEqual([
      ['1', false],
      ['2', false],
      ['1', true],
    ]);
    expect(waits).toEqual([70]);
  });

  it('that is cut again and again without a word is given up', async () => {
    server.answer(events([event(1, 'Be')], 'cut'), events([], 'cut'));
    expect(await failure(all(generate()))).toMatchObject({ code: 'client.network' });
    expect(server.seen).toHaveLength(3);
  });

  it('throws the problem that comes before it, or within it', async () => {
    server.answer(problem(422, 'common.idempotency_key_reused'));
    expect(await failure(all(generate()))).toMatchObject({ code: 'common.idempotency_key_reused' });
    const told = JSON.stringify({ title: 't', status: 503, detail: 'd', code: 'ai.no_provider' });
    server.answer(events([event(1, 'Be'), `id: 2\nevent: error\ndata: ${told}\n\n`], 'end'));
    expect(await failure(all(generate()))).toMatchObject({ status: 503, code: 'ai.no_provider' });
  });

  it('has no key, and is not taken up again, where its caller wants to be able to stop the work', async () => {
    server.answer(events([event(1, 'Be')], 'cut'));
    const stream = client().events('/v1/quotes/generate', { body: { prompt: 'a' }, canResume: false });
    expect(await failure(all(stream))).toMatchObject({ code: 'client.network' });
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]?.headers['idempotency-key']).toBeUndefined();
  });

  it('ends the connection when its reader stops reading', async () => {
    const closed: PromiseWithResolvers<void> = Promise.withResolvers();
    server.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(event(1, 'Be'));
      response.once('close', () => closed.resolve());
    });
    for await (const one of generate()) {
      expect(one.id).toBe('1');
      break;
    }
    await closed.promise;
  });
});
