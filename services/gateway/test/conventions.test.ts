import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { startEdge } from './support/edge.ts';
import type { Edge } from './support/edge.ts';

const id = '01900000-0000-7000-8000-000000000009';

describe('the conventions of the API', () => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await startEdge();
  });
  beforeEach(() => {
    edge.calls.length = 0;
  });
  afterAll(() => edge.stop());

  const faultsOf = (body: any): string[] => (body.errors ?? []).map((fault: { field: string }) => fault.field);
  const generate = (body: unknown, headers?: Record<string, string>) =>
    edge.request('POST', '/v1/quotes/generate', { body, ...(headers === undefined ? {} : { headers }) });

  it('lead from the root to the documentation', async () => {
    const { status, headers } = await edge.request('GET', '/');
    expect([status, headers.get('location')]).toEqual([302, '/docs']);
  });

  describe('requests', () => {
    it.each([
      ['a number for a string', { prompt: 5 }, ['prompt']],
      ['a string for a number', { prompt: 'a', count: '2' }, ['count']],
      ['a fraction for a whole number', { prompt: 'a', count: 1.5 }, ['count']],
      ['a value out of range', { prompt: 'a', count: 6 }, ['count']],
      ['null', { prompt: 'a', tone: null }, ['tone']],
      ['an unknown field', { prompt: 'a', promt: 'b' }, ['promt']],
      ['a proto name', { prompt: 'a', max_words: 5 }, ['max_words']],
      ['a field that only services set', { prompt: 'a', userId: id }, ['userId']],
      ['nothing where something is needed', {}, ['prompt']],
      ['an empty string where something is needed', { prompt: '' }, ['prompt']],
      ['a list for the body', [], ['']],
      ['too long a text', { prompt: 'a'.repeat(2_001) }, ['prompt']],
      ['several faults at once', { prompt: 1, count: 0, x: 1 }, ['x', 'prompt', 'count']],
    ])('refuse %s and name the field', async (_, body, fields) => {
      const answer = await generate(body);
      expect(answer).toMatchObject({ status: 400, body: { code: 'common.invalid_request' } });
      expect(faultsOf(answer.body)).toEqual(fields);
      expect(edge.calls).toEqual([]);
    });

    it('refuse a fault inside a list by its place', async () => {
      expect(faultsOf((await edge.request('POST', '/v1/quotes', { body: { text: 'a', tags: ['x', 5] } })).body)).toEqual(['tags[1]']);
    });

    it.each([
      ['no JSON', '{"prompt":'],
      ['invalid UTF-8', Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
      ['a byte order mark', '\ufeff{"prompt":"a"}'],
      ['a prototype key', '{"prompt":"a","__proto__":{"count":2}}'],
      ['a bare word', '"prompt"'],
      ['half a character', '{"prompt":"\\ud800"}'],
      ['a character that no database keeps', '{"prompt":"a\\u0000b"}'],
      ['deep nesting', `{"prompt":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ])('refuse %s with 400', async (_, raw) => {
      const answer = await edge.request('POST', '/v1/quotes/generate', { raw });
      expect(answer).toMatchObject({ status: 400, body: { code: 'common.invalid_request' } });
      expect(edge.calls).toEqual([]);
    });

    it.each([
      ['no content type', { 'content-type': '' }],
      ['another content type', { 'content-type': 'text/plain' }],
      ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
      ['another charset', { 'content-type': 'application/json; charset=latin1' }],
      ['a content encoding', { 'content-encoding': 'gzip' }],
    ])('refuse %s with 415', async (_, headers) => {
      expect(await generate({ prompt: 'a' }, headers)).toMatchObject({ status: 415, body: { code: 'common.unsupported_media_type' } });
    });

    it('refuse a body over the limit with 413, announced or not', async () => {
      expect(await generate({ prompt: 'a', x: 'y'.repeat(70_000) })).toMatchObject({
        status: 413,
        body: { code: 'common.payload_too_large' },
      });
      const raw = await rawRequest(edge.url, [
        `POST /v1/quotes/generate HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${edge.token()}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
        ...Array.from({ length: 9 }, () => `2000\r\n${'x'.repeat(0x2000)}\r\n`),
        '0\r\n\r\n',
      ]);
      expect(raw).toMatch(/^HTTP\/1\.1 413 /);
    });

    it('take the last of two fields of one name, as every reader of JSON but the strictest does', async () => {
      await edge.request('POST', '/v1/quotes/generate', { raw: '{"prompt":"first","prompt":"last"}' });
      expect(edge.calls.at(-1)?.request.prompt).toBe('last');
    });

    it.each(['', ';;;', 'text/html, */*;q=0.1', 'application/*', 'application/json;q=0.5, text/csv'])(
      'may ask for JSON in the odd words of Accept: %s',
      async (accept) => {
        expect((await edge.request('GET', '/v1/quotes', { headers: { accept } })).status).toBe(accept === ';;;' ? 406 : 200);
      },
    );

    it('refuse an answer form that there is none of with 406', async () => {
      expect(await edge.request('GET', '/v1/quotes', { headers: { accept: 'text/csv' } })).toMatchObject({ status: 406 });
      expect((await edge.request('GET', '/v1/quotes', { headers: { accept: '*/*' } })).status).toBe(200);
      expect((await edge.request('GET', '/v1/quotes', { headers: { accept: 'text/event-stream' } })).status).toBe(406);
    });

    it.each([
      ['pageSize=0', ['pageSize']],
      ['pageSize=101', ['pageSize']],
      ['pageSize=2e1', ['pageSize']],
      ['pageSize=%2B5', ['pageSize']],
      ['pageSize=', ['pageSize']],
      ['pageSize=5&pageSize=5', ['pageSize']],
      ['page_size=5', ['page_size']],
      ['favorite=True', ['favorite']],
      ['favorite=1', ['favorite']],
      ['minQuality=1.5', ['minQuality']],
      ['minQuality=.5', ['minQuality']],
      ['source=robots', ['source']],
      ['from=yesterday', ['from']],
      ['from=2026-02-30T00:00:00Z', ['from']],
      ['token=abc', ['token']],
      ['__proto__=1', ['__proto__']],
      ['tag=%ff', []],
      ['tag=%zz', []],
      ['tag=a%00b', ['tag']],
      ['to=2026-01-01%2000:00:00Z', ['to']],
      ['to=0000-01-01T00:00:00Z', ['to']],
    ])('refuse the query ?%s and name the parameter', async (query, fields) => {
      const answer = await edge.request('GET', `/v1/quotes?${query}`);
      expect(answer.status).toBe(400);
      expect(faultsOf(answer.body)).toEqual(fields);
    });

    it('bring a good query to the service as typed values', async () => {
      await edge.request('GET', '/v1/quotes?pageSize=5&favorite=false&minQuality=0.5&tag=a%20b&from=2026-01-01T00:00:00%2B02:00');
      expect(edge.calls.at(-1)?.request).toMatchObject({
        pageSize: 5,
        favorite: false,
        minQuality: 0.5,
        tag: 'a b',
        from: { seconds: 1_767_218_400n },
      });
    });

    it('refuse an id that is none, and a path that is no valid URL', async () => {
      expect(faultsOf((await edge.request('GET', '/v1/quotes/abc')).body)).toEqual(['id']);
      expect(await edge.request('GET', '/v1/quotes/%zz')).toMatchObject({ status: 400, body: { code: 'common.invalid_request' } });
    });

    it('take null in a PATCH alone, where the contract says that it clears', async () => {
      await edge.request('PATCH', `/v1/quotes/${id}`, { body: { author: null, text: 'new' } });
      const { request } = edge.calls.at(-1) ?? {};
      expect(request).toMatchObject({ id, text: 'new', updateMask: { paths: ['text', 'author'] } });
      expect(request.author).toBeUndefined();
      expect(faultsOf((await edge.request('PATCH', `/v1/quotes/${id}`, { body: { text: null } })).body)).toEqual(['text']);
      expect((await edge.request('PATCH', `/v1/quotes/${id}`, { body: {} })).status).toBe(400);
      expect((await edge.request('PATCH', `/v1/quotes/${id}`, { body: { id: userOther, text: 'a' } })).status).toBe(400);
      expect((await edge.request('PATCH', `/v1/quotes/${id}`, { body: { updateMask: 'text', text: 'a' } })).status).toBe(400);
    });

    it('take a text that only speaks of U+0000', async () => {
      await edge.request('POST', '/v1/quotes/generate', { raw: '{"prompt":"\\\\u0000"}' });
      expect(edge.calls.at(-1)?.request.prompt).toBe('\\u0000');
    });

    it('name the field that only the message refuses', async () => {
      expect(faultsOf((await edge.request('POST', '/v1/quotes', { raw: '{"text":"a","author":"\\ud800"}' })).body)).toEqual(['author']);
    });

    it('may not send null in the place of a body that may be left out', async () => {
      expect((await edge.request('POST', '/v1/auth/mfa/totp', { raw: 'null' })).status).toBe(400);
    });

    it('may leave out a body of which nothing is required', async () => {
      expect((await edge.request('POST', '/v1/auth/logout')).status).toBe(204);
    });
  });

  describe('answers', () => {
    const quote = {
      id,
      text: 'Words.',
      source: 'user',
      emotionalTone: 'neutral',
      quality: {},
      createdAt: timestampFromMs(Date.UTC(2026, 0, 2)),
    };

    it('hold every field, false, 0 and [] included, and leave out only what has no value', async () => {
      edge.on('GetQuote', () => ({ quote }));
      const { body } = await edge.request('GET', `/v1/quotes/${id}`);
      expect(body).toEqual({
        id,
        text: 'Words.',
        source: 'user',
        emotionalTone: 'neutral',
        emotions: [],
        sentimentScore: 0,
        qualityScore: 0,
        quality: { form: 0, length: 0, repetition: 0, cliche: 0, rhythm: 0, clarity: 0 },
        tags: [],
        favorite: false,
        createdAt: '2026-01-02T00:00:00Z',
      });
    });

    it('write 64-bit numbers as numbers', async () => {
      edge.on('GenerateQuotes', () => ({ quotes: [quote], generation: { usage: { costMicroUsd: 9_007_199_254_740_991n } } }));
      const answer = await generate({ prompt: 'a' });
      expect(answer.status).toBe(201);
      expect(answer.text).toContain('"costMicroUsd":9007199254740991');
    });

    it('are the resource itself, 201 with its address when it was made, 204 when there is nothing to say', async () => {
      edge.on('CreateQuote', () => ({ quote }));
      const made = await edge.request('POST', '/v1/quotes', { body: { text: 'Words.' } });
      expect(made).toMatchObject({ status: 201, body: { id } });
      expect(made.headers.get('location')).toBe(`/v1/quotes/${id}`);
      const deleted = await edge.request('DELETE', `/v1/quotes/${id}`);
      expect([deleted.status, deleted.text]).toEqual([204, '']);
    });

    it('end a list without a token', async () => {
      edge.on('ListQuotes', () => ({ items: [] }));
      expect((await edge.request('GET', '/v1/quotes')).body).toEqual({ items: [] });
      edge.on('ListQuotes', () => ({ items: [], nextPageToken: 'more' }));
      expect((await edge.request('GET', '/v1/quotes')).body).toEqual({ items: [], nextPageToken: 'more' });
    });
  });

  describe('request ids', () => {
    it('are taken when sane, made when not, echoed, passed on and logged', async () => {
      const given = await edge.request('GET', '/v1/quotes', { headers: { 'x-request-id': 'my-id.1' } });
      expect(given.headers.get('x-request-id')).toBe('my-id.1');
      expect(edge.calls.at(-1)?.call.requestId).toBe('my-id.1');
      const odd = await edge.request('GET', '/v1/nothing', { headers: { 'x-request-id': 'a b<c>' } });
      expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(odd.body.requestId).toBe(odd.headers.get('x-request-id'));
      expect(edge.log.lines.some((line) => line['requestId'] === 'my-id.1' && line['route'] === '/v1/quotes')).toBe(true);
    });

    it('stand in log lines without query, body, address or token', async () => {
      await edge.request('GET', '/v1/quotes?tag=secrettag', { headers: { 'user-agent': 'secretagent' } });
      const text = edge.log.text();
      expect(text).not.toContain('secrettag');
      expect(text).not.toContain('127.0.0.1:');
      expect(text).not.toContain('eyJ');
    });
  });

  describe('Idempotency-Key', () => {
    it.each([
      ['bare', 'abc-123', 'abc-123'],
      ['quoted', '"abc 123"'.replace(' ', '-'), 'abc-123'],
    ])('is taken %s and passed on', async (_, sent, received) => {
      edge.on('CreateQuote', () => ({ quote: { id } }));
      await edge.request('POST', '/v1/quotes', { body: { text: 'a' }, headers: { 'idempotency-key': sent } });
      expect(edge.calls.at(-1)?.call.idempotencyKey).toBe(received);
    });

    it.each(['"open', 'a b', 'x'.repeat(256), '""'])('is refused as %j', async (key) => {
      const answer = await edge.request('POST', '/v1/quotes', { body: { text: 'a' }, headers: { 'idempotency-key': key } });
      expect(answer).toMatchObject({ status: 400, body: { code: 'common.idempotency_key_invalid' } });
    });

    it('is refused where the route takes none', async () => {
      const answer = await edge.request('POST', '/v1/auth/login', {
        body: { email: 'a@b.c', password: 'x' },
        headers: { 'idempotency-key': 'k' },
      });
      expect(answer).toMatchObject({ status: 400, body: { code: 'common.idempotency_key_invalid' } });
    });

    it('marks a replayed answer', async () => {
      edge.on('CreateQuote', (_, call) => {
        call.setReplayed();
        return { quote: { id } };
      });
      const answer = await edge.request('POST', '/v1/quotes', { body: { text: 'a' }, headers: { 'idempotency-key': 'k' } });
      expect(answer.headers.get('idempotent-replayed')).toBe('true');
    });
  });
});

const userOther = '01900000-0000-7000-8000-000000000077';

/** Sends bytes as they are and reads until the other side closes or the answer's head is there. */
async function rawRequest(url: string, parts: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let text = '';
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (text.includes('\r\n\r\n')) {
        socket.destroy();
        resolve(text);
      }
    });
    socket.on('error', (error) => (text === '' ? reject(error) : resolve(text)));
    for (const part of parts) socket.write(part);
  });
}
