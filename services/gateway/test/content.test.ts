import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEdge } from './support/edge.ts';
import type { Edge } from './support/edge.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
  edge.on('GetQuote', () => ({ quote: { id: 'q', text: 'Learn by heart.' } }));
  edge.on('ListQuotes', () => ({
    items: Array.from({ length: 40 }, (_, i) => ({ id: String(i), text: 'A line that comes again and again.' })),
  }));
});
afterAll(() => edge.stop());

/** Without fetch, which adds headers of its own and unpacks what comes. */
async function ask(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
  const request = get(`${edge.url}${path}`, { headers: { authorization: `Bearer ${edge.token()}`, ...headers } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) };
}
const quote = '/v1/quotes/01900000-0000-7000-8000-000000000009';

describe('reads', () => {
  it('bear a tag, and whoever has the same already gets no body', async () => {
    const first = await ask(quote);
    expect(first.headers.etag).toMatch(/^W\/"[\w-]{27}"$/);
    const again = await ask(quote, { 'if-none-match': first.headers.etag! });
    expect(again).toMatchObject({ status: 304, headers: { etag: first.headers.etag, 'cache-control': 'private, no-cache' } });
    expect(again.body).toHaveLength(0);
    expect((await ask(quote, { 'if-none-match': '"another"' })).status).toBe(200);
    expect((await ask(quote, { 'if-none-match': `"x", ${first.headers.etag!}` })).status).toBe(304);
  });

  it('bear another tag when they have changed', async () => {
    const { etag } = (await ask(quote)).headers;
    edge.on('GetQuote', () => ({ quote: { id: 'q', text: 'Learn it again.' } }));
    expect((await ask(quote, { 'if-none-match': etag! })).status).toBe(200);
  });

  it('over 1 KiB are compressed as the caller likes, and shorter ones are not', async () => {
    const plain = (await ask('/v1/quotes')).body;
    const br = await ask('/v1/quotes', { 'accept-encoding': 'br, gzip' });
    expect(br.headers).toMatchObject({ 'content-encoding': 'br', vary: expect.stringContaining('Accept-Encoding') });
    expect(brotliDecompressSync(br.body).equals(plain)).toBe(true);
    const gzip = await ask('/v1/quotes', { 'accept-encoding': 'gzip' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.body).equals(plain)).toBe(true);
    expect(br.body.length).toBeLessThan(plain.length / 4);
    expect((await ask(quote, { 'accept-encoding': 'br' })).headers['content-encoding']).toBeUndefined();
    expect((await ask('/v1/quotes', { 'accept-encoding': 'identity' })).headers['content-encoding']).toBeUndefined();
  });
});

describe('answers that bear secrets', () => {
  it('are neither tagged nor compressed, however long', async () => {
    edge.on('Login', () => ({ user: { id: 'u' }, tokens: { accessToken: 'a'.repeat(4_000), refreshToken: 'qmr_x', tokenType: 'Bearer' } }));
    const answer = await edge.request('POST', '/v1/auth/login', {
      token: false,
      body: { email: 'a@example.org', password: 'x' },
      headers: { 'accept-encoding': 'br, gzip' },
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(answer.headers.get('etag')).toBeNull();
  });
});

describe('files of our pages', () => {
  it('are kept for good, for their address changes with their content', async () => {
    const page = (await ask('/docs')).body.toString();
    const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      expect(file).toMatch(/^\/docs\/assets\/[\w-]{16}\//);
      const { headers } = await ask(file);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
    expect((await ask(files[0]!.replace(/assets\/[\w-]{16}/, 'assets/AAAAAAAAAAAAAAAA'))).status).toBe(404);
  });
});
