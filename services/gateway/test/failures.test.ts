import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, commonErrors } from '@quotemaster/errors';
import { quoteErrors } from '@quotemaster/contract/quote';
import { createRedisTwin } from '@quotemaster/redis';
import { systemClock } from '@quotemaster/lifecycle';
import { createTestTracing, waitUntil } from '@quotemaster/testkit';
import { startEdge, userId } from './support/edge.ts';
import type { Edge } from './support/edge.ts';

const id = '01900000-0000-7000-8000-000000000009';

describe('failures behind the gateway', () => {
  let edge: Edge;
  beforeEach(async () => {
    edge = await startEdge();
  });
  afterEach(() => edge.stop());

  it('are problems with everything a caller needs and nothing private', async () => {
    edge.on('GetQuote', () => {
      throw new AppError(quoteErrors.notFound, { reason: 'row 17 of user 42 is gone' });
    });
    const answer = await edge.request('GET', `/v1/quotes/${id}?`, { headers: { 'x-request-id': 'r1' } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toEqual({
      type: 'https://quotes.example.org/docs/errors/quote.not_found',
      title: 'No such quote',
      status: 404,
      detail: 'There is no such quote.',
      instance: `/v1/quotes/${id}`,
      code: 'quote.not_found',
      requestId: 'r1',
    });
  });

  it('that nobody foresaw are common.internal, without a word of what happened', async () => {
    edge.on('GetQuote', () => {
      throw new TypeError('secret detail of the inside');
    });
    const answer = await edge.request('GET', `/v1/quotes/${id}`);
    expect(answer).toMatchObject({ status: 500, body: { code: 'common.internal' } });
    expect(answer.text).not.toContain('secret');
  });

  it('keep fields, waiting times and statuses of their own', async () => {
    edge.on('GenerateQuotes', () => {
      throw new AppError(commonErrors.invalidRequest, { fields: [{ field: 'prompt', message: 'is not a thought' }] });
    });
    const generate = () => edge.request('POST', '/v1/quotes/generate', { body: { prompt: 'a' } });
    expect((await generate()).body.errors).toEqual([{ field: 'prompt', message: 'is not a thought' }]);
    edge.on('GenerateQuotes', () => {
      throw new AppError(commonErrors.idempotencyInFlight, { retryAfterMs: 2_400 });
    });
    const busy = await generate();
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([409, '3']);
    edge.on('GenerateQuotes', () => {
      throw new AppError(commonErrors.idempotencyKeyReused);
    });
    expect((await generate()).status).toBe(422);
  });

  it('by absence are 503 with Retry-After, and others go on', async () => {
    await edge.quote.stop();
    const answer = await edge.request('GET', '/v1/quotes');
    expect(answer).toMatchObject({ status: 503, body: { code: 'common.unavailable' } });
    expect(answer.headers.get('retry-after')).toBeTruthy();
    expect((await edge.request('GET', '/v1/users/me')).status).toBe(200);
  });

  it('by slowness are 504 at the deadline of the contract', async () => {
    edge.on(
      'GetQuote',
      (_, call) =>
        new Promise((resolve) => {
          call.signal.addEventListener('abort', () => resolve({}));
        }),
    );
    const startedAt = performance.now();
    const answer = await edge.request('GET', `/v1/quotes/${id}`);
    expect(answer).toMatchObject({ status: 504, body: { code: 'common.deadline_exceeded' } });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it('a caller who hangs up cancels the call behind within 200 ms', async () => {
    let cancelledAt = 0;
    let began = false;
    edge.on('GetQuote', (_, call) => {
      began = true;
      return new Promise((resolve) => {
        call.signal.addEventListener('abort', () => {
          cancelledAt = performance.now();
          resolve({});
        });
      });
    });
    const request = httpRequest(`${edge.url}/v1/quotes/${id}`, { headers: { authorization: `Bearer ${edge.token()}` } });
    request.on('error', () => undefined);
    request.end();
    await waitUntil('the call is there', () => began);
    const hungUpAt = performance.now();
    request.destroy();
    await waitUntil('it is cancelled', () => cancelledAt > 0, { timeoutMs: 1_000 });
    expect(cancelledAt - hungUpAt).toBeLessThan(200);
    await waitUntil('it is logged', () => edge.log.lines.some((line) => line['status'] === 499));
  });

  it('a stop lets answers in progress end', async () => {
    let release: (answer: object) => void = () => undefined;
    let began = false;
    edge.on(
      'ListQuotes',
      () =>
        new Promise((resolve) => {
          release = resolve;
          began = true;
        }),
    );
    const pending = edge.request('GET', '/v1/quotes');
    await waitUntil('the call is there', () => began);
    const stopped = edge.gateway.stop();
    release({ items: [] });
    expect((await pending).status).toBe(200);
    await stopped;
    await expect(fetch(`${edge.url}/livez`)).rejects.toThrow();
  });
});

describe('server-sent events', () => {
  let edge: Edge;
  beforeEach(async () => {
    edge = await startEdge();
  });
  afterEach(() => edge.stop());
  const stream = () => edge.request('POST', '/v1/quotes/generate', { body: { prompt: 'a' }, headers: { accept: 'text/event-stream' } });

  it('bear the name of what happened, ids that count, and the headers that keep proxies out of the way', async () => {
    edge.on('StreamGenerateQuotes', async function* () {
      yield { event: { case: 'delta', value: { index: 0, text: 'Wo' } } };
      yield { event: { case: 'quote', value: { id, text: 'Words.' } } };
      yield { event: { case: 'done', value: { generation: { usage: { costMicroUsd: 5n } } } } };
    });
    const answer = await stream();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(answer.headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(answer.headers.get('x-accel-buffering')).toBe('no');
    const events = answer.text
      .trim()
      .split('\n\n')
      .map((block) =>
        Object.fromEntries(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])),
      );
    expect(events.map(({ id: number, event }) => [number, event])).toEqual([
      ['1', 'delta'],
      ['2', 'quote'],
      ['3', 'done'],
    ]);
    expect(JSON.parse(events[0]?.['data'] ?? '')).toEqual({ index: 0, text: 'Wo' });
    expect(JSON.parse(events[2]?.['data'] ?? '').generation.usage.costMicroUsd).toBe(5);
    expect(edge.calls.at(-1)?.request).toMatchObject({ request: { prompt: 'a' } });
  });

  it('do not begin when the call fails at once', async () => {
    edge.on('StreamGenerateQuotes', async function* () {
      throw new AppError(quoteErrors.nothingNew);
    } as never);
    expect(await stream()).toMatchObject({ status: 409, body: { code: 'quote.nothing_new' } });
  });

  it('end with an error event when the call fails later', async () => {
    edge.on('StreamGenerateQuotes', async function* () {
      yield { event: { case: 'delta', value: { index: 0, text: 'Wo' } } };
      throw new AppError(commonErrors.unavailable, { reason: 'private' });
    });
    const { text } = await stream();
    const [, last = ''] = text.trim().split('\n\n');
    expect(last).toContain('event: error');
    expect(JSON.parse(last.slice(last.indexOf('data: ') + 6))).toMatchObject({ status: 503, code: 'common.unavailable' });
    expect(text).not.toContain('private');
  });

  it('stop the work behind when the caller hangs up', async () => {
    let cancelled = false;
    edge.on('StreamGenerateQuotes', async function* (_: unknown, call: any) {
      call.signal.addEventListener('abort', () => (cancelled = true));
      for (let i = 0; ; i += 1) {
        yield { event: { case: 'delta', value: { index: 0, text: String(i) } } };
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    } as never);
    const request = httpRequest(`${edge.url}/v1/quotes/generate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${edge.token()}`, accept: 'text/event-stream', 'content-type': 'application/json' },
    });
    request.on('error', () => undefined);
    request.end('{"prompt":"a"}');
    const [response] = await once(request, 'response');
    await once(response, 'data');
    request.destroy();
    await waitUntil('the call is cancelled', () => cancelled, { timeoutMs: 1_000 });
  });
});

describe('rate limits', () => {
  it('say what is left, refuse what is over, by user and not by what the caller writes of himself', async () => {
    const edge = await startEdge({ env: { QM_RATE_READ_PER_MINUTE: '3', QM_RATE_AUTH_PER_MINUTE: '2' } });
    try {
      const read = (headers = {}) => edge.request('GET', '/v1/quotes', { headers });
      const first = await read();
      expect(first.headers.get('ratelimit-policy')).toBe('"read";q=3;w=60');
      expect(first.headers.get('ratelimit')).toMatch(/^"read";r=2;t=\d+$/);
      await read();
      await read();
      const refused = await read({ 'x-forwarded-for': '203.0.113.9' });
      expect(refused).toMatchObject({ status: 429, body: { code: 'common.rate_limited' } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      const other = { sessionId: '01900000-0000-7000-8000-0000000000bb', userId: '01900000-0000-7000-8000-000000000002' };
      edge.sessions.set(other.sessionId, { active: true, userId: other.userId, role: 'user' });
      expect((await edge.request('GET', '/v1/quotes', { token: edge.token(other) })).status).toBe(200);
      const login = (headers = {}) =>
        edge.request('POST', '/v1/auth/login', { body: { email: 'a@example.org', password: 'x' }, token: false, headers });
      expect([(await login()).status, (await login()).status, (await login({ 'x-forwarded-for': '203.0.113.10' })).status]).toEqual([
        200, 200, 429,
      ]);
    } finally {
      await edge.stop();
    }
  });

  it('count the client behind a trusted proxy', async () => {
    const edge = await startEdge({ env: { QM_RATE_AUTH_PER_MINUTE: '1', QM_TRUSTED_PROXIES: '127.0.0.0/8' } });
    try {
      const login = (forwarded: string) =>
        edge.request('POST', '/v1/auth/login', {
          body: { email: 'a@example.org', password: 'x' },
          token: false,
          headers: { 'x-forwarded-for': forwarded },
        });
      expect((await login('203.0.113.1')).status).toBe(200);
      expect((await login('203.0.113.2')).status).toBe(200);
      expect((await login('198.51.100.7, 203.0.113.2')).status).toBe(429);
      expect(edge.calls.at(-1)?.call.client?.address).toBe('203.0.113.2');
    } finally {
      await edge.stop();
    }
  });

  it('fail closed for what is costly and open for the rest while the limiter is away', async () => {
    const twin = createRedisTwin({ clock: systemClock });
    const edge = await startEdge({ redis: { ...twin, limiter: { take: () => Promise.reject(new AppError(commonErrors.unavailable)) } } });
    try {
      expect((await edge.request('GET', '/v1/quotes')).status).toBe(200);
      const generate = await edge.request('POST', '/v1/quotes/generate', { body: { prompt: 'a' } });
      expect(generate).toMatchObject({ status: 503, body: { code: 'common.overloaded' } });
      expect(generate.headers.get('retry-after')).toBe('1');
      const login = await edge.request('POST', '/v1/auth/login', { body: { email: 'a@example.org', password: 'x' }, token: false });
      expect(login).toMatchObject({ status: 503, body: { code: 'common.overloaded' } });
      expect(await edge.metrics.registry.metrics()).toContain('decision="failed_closed"');
    } finally {
      await edge.stop();
    }
  });
});

describe('a trace', () => {
  it('goes on behind the gateway where the caller began it', async () => {
    const tracing = createTestTracing();
    const edge = await startEdge();
    try {
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      await edge.request('GET', '/v1/users/me', { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } });
      await waitUntil('the first span has ended', () => tracing.spans(traceId).some((span) => span.name === 'GET /v1/users/me'));
      const names = tracing.spans(traceId).map((span) => `${span.kind} ${span.name}`);
      expect(names).toEqual(
        expect.arrayContaining([
          'server GET /v1/users/me',
          'client quotemaster.user.v1.UserService/GetMe',
          'server quotemaster.user.v1.UserService/GetMe',
        ]),
      );
      expect(JSON.stringify(tracing.spans(traceId))).not.toContain(userId);
    } finally {
      await edge.stop();
      await tracing.stop();
    }
  });
});
