import { SpanStatusCode } from '@opentelemetry/api';
import { afterAll, beforeEach, expect, it } from '@jest/globals';
import { createTestTracing } from '@quotemaster/testkit/test-tracing';

import { withSpan } from './trace-context.ts';

const tracing = createTestTracing();
beforeEach(() => {
  tracing.reset();
});
afterAll(() => tracing.stop());

it('a finished span tells route, method and server, but neither who asked nor what for', async () => {
  await withSpan(
    'GET /v1/quotes/{id}',
    {
      'http.route': '/v1/quotes/{id}',
      'http.request.method': 'GET',
      'server.address': 'gateway',
      'url.path': '/v1/quotes/7',
      'url.query': 'q=grief',
      'url.full': 'http://gateway/v1/quotes/7?q=grief',
      'client.address': '203.0.113.9',
      'network.peer.address': '203.0.113.9',
      'user_agent.original': 'curl',
    },
    () => undefined,
  );
  expect(tracing.spans()[0]!.attributes).toEqual({
    'http.route': '/v1/quotes/{id}',
    'http.request.method': 'GET',
    'server.address': 'gateway',
  });
});

it('a path without a route stays, since it is all there is', async () => {
  await withSpan('POST', { 'url.path': '/v1/messages' }, () => undefined);
  expect(tracing.spans()[0]!.attributes).toEqual({ 'url.path': '/v1/messages' });
});

it.each([
  ['SELECT id FROM quotes WHERE owner = $1', 'SELECT id FROM quotes WHERE owner = $1'],
  ["CREATE ROLE app LOGIN PASSWORD 'it''s'; SET a = 'b'", "CREATE ROLE app LOGIN PASSWORD '?'; SET a = '?'"],
])('a statement loses its literals: %s', async (statement, expected) => {
  await withSpan('query', { 'db.query.text': statement }, () => undefined);
  expect(tracing.spans()[0]!.attributes).toEqual({ 'db.query.text': expected });
});

it('a status keeps the name of an error and loses any sentence', async () => {
  await withSpan('named', {}, (span) => {
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'quote.not_found' });
  });
  await withSpan('told', {}, (span) => {
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'no quote named "grief"' });
  });
  expect(tracing.spans().map((span) => [span.status, span.statusMessage])).toEqual([
    ['error', 'quote.not_found'],
    ['error', undefined],
  ]);
});
