import { describe, expect, it } from '@jest/globals';
import { access } from '../access.ts';
import { contractServices } from '../gen/services.ts';
import { httpRoute } from '../http-route.ts';
import { QuoteService } from '../quote.ts';
import { AuthService, UserService } from '../user.ts';
import type { DescMethod } from '@bufbuild/protobuf';
import { responses } from './responses.ts';
import { createSchemaCollector } from './schema-collector.ts';

const commonErrors = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 429, 500, 503, 504].map((httpStatus) => ({
  code: `common.c${String(httpStatus)}`,
  httpStatus,
  title: 'Common',
}));

/** The responses of a route by status, each with the codes that it names. */
function codesOf(method: DescMethod): Record<string, string[]> {
  const route = httpRoute(method);
  if (route === undefined) throw new Error(`${method.name} has no route`);
  const made = responses({ method, route }, access(method), createSchemaCollector(), commonErrors, contractServices) as Record<
    string,
    { description: string }
  >;
  return Object.fromEntries(
    Object.entries(made).map(([status, { description }]) => [
      status,
      [...description.matchAll(/`([a-z0-9._]+)`/g)].map((match) => match[1] ?? ''),
    ]),
  );
}

describe('responses', () => {
  it('name for a creation what it can fail with, and its conflict of keys', () => {
    const codes = codesOf(QuoteService.method.createQuote);
    expect(Object.keys(codes)).toEqual(['201', '400', '401', '403', '406', '409', '413', '415', '422', '429', '500', '503', '504']);
    expect(codes['409']).toEqual(['common.c409', 'quote.nothing_new']);
  });

  it('name no fault of a body, key or conflict for a reading', () => {
    const codes = codesOf(QuoteService.method.getQuote);
    expect(Object.keys(codes)).toEqual(['200', '304', '400', '401', '403', '404', '406', '429', '500', '503', '504']);
    expect(codes['404']).toEqual(['quote.not_found']);
    expect(codes['400']).toEqual(['common.c400']);
  });

  it('name for a public call no credentials but those that its service judges', () => {
    expect(codesOf(AuthService.method.login)['401']).not.toContain('common.c401');
    expect(codesOf(AuthService.method.login)['401']).toContain('auth.invalid_credentials');
    expect(Object.keys(codesOf(AuthService.method.getJwks))).toEqual(['200', '304', '400', '406', '429', '500', '503', '504']);
  });

  it('let one resource without an id be missing, and a list never', () => {
    expect(codesOf(UserService.method.getMe)['404']).toContain('user.not_found');
    expect(codesOf(QuoteService.method.listQuotes)).not.toHaveProperty('404');
  });

  it('say nothing of a body where there is nothing to say', () => {
    const { method } = QuoteService;
    const route = httpRoute(method.deleteQuote);
    if (route === undefined) throw new Error('no route');
    const made = responses({ method: method.deleteQuote, route }, access(method.deleteQuote), createSchemaCollector(), [], []) as Record<
      string,
      object
    >;
    expect(made['204']).not.toHaveProperty('content');
  });

  it('offer events beside JSON where the contract names a stream', () => {
    const { generateQuotes } = QuoteService.method;
    const route = httpRoute(generateQuotes);
    if (route === undefined) throw new Error('no route');
    const collector = createSchemaCollector();
    const made = responses({ method: generateQuotes, route }, access(generateQuotes), collector, [], []) as any;
    expect(Object.keys(made['201'].content)).toEqual(['application/json']);
    expect(Object.keys(made['200'].content)).toEqual(['text/event-stream']);
    for (const event of ['delta', 'quote', 'done', 'error'])
      expect(made['200'].content['text/event-stream'].schema.description).toContain(`\`${event}\``);
    expect(Object.keys(collector.schemas)).toEqual(expect.arrayContaining(['QuoteDelta', 'Quote', 'GenerateQuotesDone']));
  });
});
