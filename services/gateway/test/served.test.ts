import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { access, contractServices, routedMethods } from '@quotemaster/contract';
import { Validator } from '@seriousme/openapi-schema-validator';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { allErrorDefinitions } from '../src/error-definitions.ts';
import { sessionId, startEdge, userId } from './support/edge.ts';
import type { Edge } from './support/edge.ts';

const routed = routedMethods(contractServices);
const sample = (path: string): string => path.replace(/\{[^}]+\}/g, '01900000-0000-7000-8000-000000000009');

describe('what the gateway serves', () => {
  let edge: Edge;
  let document: any;
  beforeAll(async () => {
    edge = await startEdge();
    document = (await edge.request('GET', '/openapi.json', { token: false })).body;
  });
  afterAll(() => edge.stop());

  it('has routes at all', () => {
    expect(routed.length).toBeGreaterThan(10);
  });

  it.each(routed.map(({ method, route }) => [`${route.verb.toUpperCase()} ${route.path}`, method, route] as const))(
    'serves and documents %s',
    async (_, method, route) => {
      const policy = access(method);
      const before = edge.calls.length;
      edge.sessions.set(sessionId, { active: true, userId, role: policy.roles[0] ?? 'user' });
      const answer = await edge.request(route.verb.toUpperCase(), sample(route.path), {
        token: edge.token(),
        ...(route.hasBody ? { body: {} } : {}),
      });
      // Either the call went through, or its (empty) body was refused by the schema: the route is there.
      expect([policy.successStatus, 400]).toContain(answer.status);
      if (answer.status !== 400) expect(edge.calls.slice(before).map((call) => call.method)).toContain(method.name);

      const documented = document.paths[route.path]?.[route.verb];
      expect(documented).toMatchObject({ operationId: method.localName });
      expect(Object.keys(documented.responses)).toContain(String(policy.successStatus));
      expect(documented.description.length).toBeGreaterThan(10);
    },
  );

  it.each(
    routed
      .filter(({ method }) => access(method).needsPrincipal)
      .map(({ method, route }) => [`${route.verb.toUpperCase()} ${route.path}`, method, route] as const),
  )('refuses %s without credentials, before it looks at the body', async (_, __, route) => {
    const answer = await edge.request(route.verb.toUpperCase(), sample(route.path), {
      token: false,
      ...(route.hasBody ? { raw: 'not json' } : {}),
    });
    expect(answer).toMatchObject({ status: 401, body: { code: 'auth.unauthenticated' } });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('documents nothing that is not served', () => {
    const paths = Object.entries<object>(document.paths).flatMap(([path, verbs]) => Object.keys(verbs).map((verb) => `${verb} ${path}`));
    const byHand = ['get /v1/auth/oauth/{provider}/start', 'get /v1/auth/oauth/{provider}/callback'];
    expect(paths.sort()).toEqual([...routed.map(({ route }) => `${route.verb} ${route.path}`), ...byHand].sort());
  });

  it('publishes a document that a public validator takes, with an ETag', async () => {
    const result = await new Validator().validate(structuredClone(document));
    expect(result).toMatchObject({ valid: true });
    const { headers } = await edge.request('GET', '/openapi.json', { token: false });
    // fetch adds `Cache-Control: no-cache` to conditional requests, which asks for the whole answer.
    const again = get(`${edge.url}/openapi.json`, { headers: { 'if-none-match': headers.get('etag') ?? '' } });
    const [response] = (await once(again, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(304);
  });

  it('publishes the document that is on file', () => {
    const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/openapi.json'), 'utf8'));
    expect({ ...document, servers: golden.servers }).toEqual(golden);
  });

  it.each([...allErrorDefinitions().keys()])('has a page for %s', async (code) => {
    const page = await edge.request('GET', `/docs/errors/${code}`, { token: false });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.text).toContain(code);
  });

  it('serves the viewer with nothing from elsewhere, and no inline script', async () => {
    const page = await edge.request('GET', '/docs', { token: false });
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      expect(file).toMatch(/^\//);
      expect((await fetch(`${edge.url}${file}`)).status).toBe(200);
    }
    expect(page.text).not.toMatch(/<script>/);
    for (const other of ['/docs/viewer/index.html', '/docs/viewer/package.json', '/docs/viewer/', '/DOCS', '/docs/'])
      expect((await fetch(`${edge.url}${other}`)).status).toBe(404);
  });

  it('answers a wrong method with 405 and the right ones, and an unknown path with 404', async () => {
    const wrong = await edge.request('DELETE', '/v1/quotes');
    expect(wrong).toMatchObject({ status: 405, body: { code: 'common.method_not_allowed' } });
    expect(wrong.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST');
    // The literal path wins over the variable one, whatever the method.
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const literal = await edge.request(method, '/v1/quotes/generate');
      expect([literal.status, literal.headers.get('allow')]).toEqual([405, 'OPTIONS, POST']);
    }
    expect(await edge.request('GET', '/v2/quotes')).toMatchObject({ status: 404, body: { code: 'common.not_found' } });
    expect(await edge.request('GET', '/v1/quotes/')).toMatchObject({ status: 404 });
    expect(await edge.request('GET', '/V1/quotes')).toMatchObject({ status: 404 });
    expect(await edge.request('POST', '/docs')).toMatchObject({ status: 405 });
  });

  it('tells the methods of a path to whoever asks, and nothing of a path that is not there', async () => {
    const options = await edge.request('OPTIONS', '/v1/quotes/generate', { token: false });
    expect([options.status, options.headers.get('allow'), options.text]).toEqual([204, 'OPTIONS, POST', '']);
    expect((await edge.request('OPTIONS', '/v1/nothing', { token: false })).status).toBe(404);
  });

  it('answers HEAD as GET without a body', async () => {
    const head = await edge.request('HEAD', '/v1/quotes');
    expect(head.status).toBe(200);
    expect(head.text).toBe('');
  });

  it('lets only listed origins read answers', async () => {
    const listed = await startEdge({ env: { QM_CORS_ORIGINS: 'https://app.example.org' } });
    try {
      const preflight = (origin: string) =>
        fetch(`${listed.url}/v1/quotes`, {
          method: 'OPTIONS',
          headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
        });
      expect((await preflight('https://app.example.org')).headers.get('access-control-allow-origin')).toBe('https://app.example.org');
      expect((await preflight('https://evil.example.org')).headers.get('access-control-allow-origin')).toBeNull();
      expect(
        (await listed.request('GET', '/v1/quotes', { headers: { origin: 'https://evil.example.org' } })).headers.get(
          'access-control-allow-origin',
        ),
      ).toBeNull();
    } finally {
      await listed.stop();
    }
  });

  it('sets the headers that keep pages and answers safe', async () => {
    const { headers } = await edge.request('GET', '/v1/quotes');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('strict-transport-security')).toContain('max-age=');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('cache-control')).toBe('private, no-cache');
    const login = await edge.request('POST', '/v1/auth/login', { body: { email: 'a@example.org', password: 'x' }, token: false });
    expect(login.headers.get('cache-control')).toBe('no-store');
  });
});
