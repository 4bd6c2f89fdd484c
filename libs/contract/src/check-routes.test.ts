import { describe, expect, it } from '@jest/globals';
import { listOf, serviceWith, text } from '../test/support/service-with.ts';
import type { Rpc } from '../test/support/service-with.ts';
import { checkRoutes } from './check-routes.ts';
import { contractServices } from './gen/services.ts';
import { routedMethods } from './http-route.ts';

describe('checkRoutes', () => {
  it('finds nothing wrong with our own contract', () => {
    expect(checkRoutes(contractServices)).toEqual([]);
  });

  it.each<[string, Rpc[], string]>([
    [
      'two RPCs on one route',
      [
        { name: 'A', route: { get: '/v1/a' } },
        { name: 'B', route: { get: '/v1/a' } },
      ],
      'clashes with test.v1.TestService.A on GET /v1/a',
    ],
    [
      'two variables at one place',
      [
        { name: 'A', route: { get: '/v1/{id}' }, fields: ['id'] },
        { name: 'B', route: { get: '/v1/{name}' }, fields: ['name'] },
      ],
      'clashes',
    ],
    ['a path variable without a field', [{ name: 'A', route: { get: '/v1/{id}' } }], 'has {id} in its path and no such scalar field'],
    ['an unknown scope', [{ name: 'A', route: { get: '/v1/a' }, access: { scopes: ['quotes:eat'] } }], 'unknown scope quotes:eat'],
    ['an RPC that nobody may call', [{ name: 'A' }], 'neither a route nor callers'],
    ['a body on a GET', [{ name: 'A', route: { get: '/v1/a', body: '*' } }], 'has a body on GET'],
    ['a body that is one field', [{ name: 'A', route: { post: '/v1/a', body: 'x' }, fields: ['x'] }], 'body other than "*"'],
    ['a PATCH without a mask', [{ name: 'A', route: { patch: '/v1/a', body: '*' } }], 'FieldMask'],
    ['a mask without a PATCH', [{ name: 'A', route: { post: '/v1/a', body: '*' }, fields: ['update_mask'] }], 'FieldMask'],
    ['a response field that is not there', [{ name: 'A', route: { get: '/v1/a', responseBody: 'quote' } }], 'no response field quote'],
    ['an Idempotency-Key on a GET', [{ name: 'A', route: { get: '/v1/a' }, access: { idempotent: true } }], 'not a POST'],
    ['success that is a failure', [{ name: 'A', route: { get: '/v1/a' }, access: { successStatus: 404 } }], 'success status 404'],
    ['a route on a stream', [{ name: 'A', route: { get: '/v1/a' }, streams: true }], 'neither unary nor a stream of'],
    ['an unknown rate class', [{ name: 'A', route: { get: '/v1/a' }, access: { rateClass: 'huge' } }], 'unknown rate class huge'],
    [
      'a location that leads nowhere',
      [{ name: 'A', route: { post: '/v1/a', body: '*' }, access: { location: '/v1/a/{quote.id}' } }],
      'has {quote.id} in its location and no such string',
    ],
    ['a text without a limit', [{ name: 'A', route: { get: '/v1/a' }, fields: [text('q')] }], 'lets in q of ARequest without'],
    ['a list in the query', [{ name: 'A', route: { get: '/v1/a' }, fields: [listOf(text('q'))] }], "can't take q from the query"],
    ['a stream method that is none', [{ name: 'A', route: { get: '/v1/a' }, access: { streamMethod: 'B' } }], 'no server-streaming RPC'],
  ])('refuses %s', (_, rpcs, fault) => {
    expect(checkRoutes([serviceWith(...rpcs)]).join('\n')).toContain(fault);
  });

  it('takes a location whose every variable is a text of the answer', () => {
    const service = serviceWith({ name: 'A', route: { post: '/v1/a', body: '*' }, access: { location: '/v1/a/{id}' } });
    expect(checkRoutes([service])).toEqual([]);
  });

  it('takes the same path with another verb, and a literal beside a variable', () => {
    const service = serviceWith(
      { name: 'A', route: { get: '/v1/{id}' }, fields: ['id'] },
      { name: 'B', route: { delete: '/v1/{id}' }, fields: ['id'] },
      { name: 'C', route: { get: '/v1/special' } },
    );
    expect(checkRoutes([service])).toEqual([]);
    expect(routedMethods([service]).map(({ method }) => method.name)).toEqual(['C', 'B', 'A']);
  });
});
