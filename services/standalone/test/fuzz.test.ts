import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { sendBytes, sendRaw } from './support/raw-http.ts';
import type { RawAnswer } from './support/raw-http.ts';
import { broken, fitting } from './support/schema-arbitrary.ts';
import type { Schema } from './support/schema-arbitrary.ts';
import { startSystem } from './support/system.ts';
import type { TestSystem } from './support/system.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly schema: Schema;
}
interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Record<string, { schema: Schema }> };
  readonly responses: Readonly<Record<string, { content?: Record<string, { schema: Schema }> }>>;
}

/** These end the session that calls them, or another of its owner's. */
const ending = new Set(['logout', 'deleteMe', 'revokeSessions', 'revokeSession', 'changePassword', 'updateUser']);
/** QM_FUZZ_FACTOR=20 looks twenty times as long. */
const factor = Number(process.env['QM_FUZZ_FACTOR'] ?? '1');
const runs = { wild: 25 * factor, broken: 25 * factor, bytes: 300 * factor };

describe('whatever is sent', () => {
  let system: TestSystem;
  let operations: Operation[];
  let schemas: Record<string, Schema>;
  let ajv: Ajv2020;
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  /** Credentials of all kinds, none and nonsense among them. */
  let credentials: Record<string, string>[];
  let admin: string;

  beforeAll(async () => {
    system = await startSystem();
    const document = JSON.parse((await sendRaw(system.url, { agent, method: 'GET', path: '/openapi.json', headers: {} })).text);
    schemas = document.components.schemas;
    ajv = new Ajv2020({ strict: false });
    (addFormats as unknown as (target: Ajv2020) => void)(ajv);
    ajv.addFormat('password', true);
    ajv.addSchema({ $id: 'document', components: { schemas } });
    operations = Object.entries<Record<string, any>>(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, ...operation })),
    );
    const user = await system.newUser();
    admin = (await system.newUser('admin')).accessToken;
    const key = await system.newKey(user, ['quotes:read', 'profile:read']);
    credentials = [
      { authorization: `Bearer ${admin}` },
      { authorization: `Bearer ${user.accessToken}` },
      { 'x-api-key': key.secret },
      { authorization: `Bearer ${user.accessToken}`, 'x-api-key': key.secret },
      { authorization: 'Bearer a.b.c' },
      { authorization: 'Basic Og==' },
      {},
    ];
  }, 60_000);
  afterAll(async () => {
    agent.destroy();
    await system.stop();
  });

  const resolve = (ref: string): Schema => schemas[ref.slice(ref.lastIndexOf('/') + 1)] ?? {};
  const compiled = new Map<Schema, ValidateFunction>();
  function validatorOf(schema: Schema): ValidateFunction {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const made = ajv.compile(schema.$ref === undefined ? schema : { $ref: `document${schema.$ref}` });
    compiled.set(schema, made);
    return made;
  }
  const bodySchema = (operation: Operation): Schema | undefined => operation.requestBody?.content['application/json']?.schema;

  /** The answer is one that the document promises, or one that any address gives to what is not HTTP or not its own. */
  function expectPromised(operation: Operation, answer: RawAnswer, isOwnPath: boolean): void {
    const { status, headers, text } = answer;
    const promised = operation.responses[String(status)];
    const what = `${operation.operationId} answered ${String(status)}: ${text.slice(0, 500)}`;
    expect(headers['x-request-id'] ?? what).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
    if (promised === undefined && !isOwnPath && [400, 404, 405].includes(status)) return;
    if (status === 431) return;
    if (promised === undefined) throw new Error(`not in the document: ${what}`);
    expect(status >= 500 ? what : '').toBe('');
    const type = (headers['content-type'] ?? '').split(';')[0] ?? '';
    if (promised.content === undefined) return;
    const schema = promised.content[type]?.schema;
    if (schema === undefined) throw new Error(`${what} came as ${type}`);
    if (type === 'text/event-stream') return;
    const validate = validatorOf(schema);
    if (!validate(JSON.parse(text))) throw new Error(`${what} does not fit: ${JSON.stringify(validate.errors)}`);
  }

  async function callAs(operation: Operation, headers: Record<string, string>): Promise<Record<string, string>> {
    if (!ending.has(operation.operationId) || headers['authorization']?.startsWith('Bearer ey') !== true) return headers;
    const role = operation.path.startsWith('/v1/admin') ? 'admin' : 'user';
    return { ...headers, authorization: `Bearer ${(await system.newUser(role)).accessToken}` };
  }

  it(
    'is answered as the document promises, and never with a 5xx',
    async () => {
      for (const operation of operations) {
        const wild = wildRequests(operation);
        await fc.assert(
          fc.asyncProperty(wild, async ({ path, isOwnPath, headers, body, who }) => {
            const own = await callAs(operation, { ...headers, ...credentials[who % credentials.length] });
            expectPromised(operation, await sendRaw(system.url, { agent, method: operation.method, path, headers: own, body }), isOwnPath);
          }),
          { numRuns: runs.wild, endOnFailure: true },
        );
      }
    },
    180_000 * factor,
  );

  /** Paths, queries, headers and bodies of any kind, good ones among them. */
  function wildRequests(operation: Operation): Arbitrary<{
    path: string;
    isOwnPath: boolean;
    headers: Record<string, string>;
    body: string | Uint8Array | undefined;
    who: number;
  }> {
    const schema = bodySchema(operation);
    const anyText = fc.oneof(fc.string({ maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 30 }));
    const encoded = fc.oneof(
      { weight: 2, arbitrary: anyText.map((text) => encodeURIComponent(text.toWellFormed())) },
      // What no encoder writes.
      {
        weight: 1,
        arbitrary: fc.constantFrom('%00', '%', '%zz', '..', '.', '..%2f..', '', '%20', '%e0%80%80', 'a'.repeat(2_000), '%2F', '?', '#'),
      },
    );
    const inPath = operation.parameters.filter((one) => one.in === 'path');
    const paths = fc
      .tuple(
        ...inPath.map((one) =>
          fc.oneof(
            { weight: 3, arbitrary: fitting(one.schema, resolve).map(String).map(encodeURIComponent) },
            { weight: 1, arbitrary: encoded },
          ),
        ),
      )
      .map((values) => {
        const bySchema = inPath.every((_, index) => {
          const value = values[index] ?? '';
          return value !== '' && !/%00|%2f|^\.\.?$|%zz|^%$/i.test(value);
        });
        let index = 0;
        return { path: operation.path.replace(/\{[^}]+\}/g, () => values[index++] ?? ''), isOwnPath: bySchema };
      });
    const queryNames = operation.parameters.filter((one) => one.in === 'query');
    const queryValue = (one: Parameter): Arbitrary<string> =>
      fc.oneof(
        { weight: 2, arbitrary: fitting(one.schema, resolve).map((value) => encodeURIComponent(String(value))) },
        { weight: 1, arbitrary: encoded },
      );
    const queries = fc.oneof(
      { weight: 3, arbitrary: fc.record(Object.fromEntries(queryNames.map((one) => [one.name, queryValue(one)])), { requiredKeys: [] }) },
      { weight: 1, arbitrary: fc.dictionary(fc.stringMatching(/^[A-Za-z[\].]{1,12}$/), encoded, { maxKeys: 4 }) },
    );
    const headerText = fc.string({
      unit: fc.constantFrom('a', 'Z', '0', ' ', '"', '\\', ';', ',', '=', '/', '*', '\u00e9', '\t'),
      maxLength: 60,
    });
    const headers = fc.record(
      {
        accept: fc.oneof(fc.constantFrom('application/json', 'text/event-stream', '*/*', 'text/html', 'application/json;q=0'), headerText),
        'content-type': fc.oneof(
          fc.constantFrom('application/json', 'application/json; charset=utf-16', 'text/plain', 'application/grpc'),
          headerText,
        ),
        'content-encoding': fc.constantFrom('identity', 'gzip', 'x'),
        'idempotency-key': fc.oneof(fc.uuid(), headerText),
        'last-event-id': fc.oneof(fc.constantFrom('0', '7', '-1'), headerText),
        'x-request-id': headerText,
        'x-forwarded-for': headerText,
        'x-qm-client': fc.constantFrom('web', 'x'),
        'if-none-match': headerText,
        traceparent: headerText,
        cookie: headerText,
        origin: fc.constantFrom('null', 'https://evil.example'),
        expect: fc.constantFrom('100-continue', 'x'),
        'accept-encoding': fc.constantFrom('gzip', 'br', 'identity;q=0, *;q=0', 'x'),
      },
      { requiredKeys: [] },
    );
    const anyJson = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value));
    const oddJson = fc.constantFrom(
      '',
      'null',
      '[]',
      '{',
      '{"a":1e400}',
      '{"prompt":"\\ud800"}',
      '\ufeff{}',
      '{"a":1,"a":2}',
      `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
      'x'.repeat(70_000),
    );
    const good = schema === undefined ? fc.constant(undefined) : fitting(schema, resolve).map((value) => JSON.stringify(value));
    const body: Arbitrary<string | Uint8Array | undefined> = fc.oneof(
      { weight: 3, arbitrary: good },
      { weight: 2, arbitrary: schema === undefined ? anyJson : broken(schema, resolve).map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: fc.oneof(anyJson, oddJson, fc.uint8Array({ maxLength: 200 }), fc.constant(undefined)) },
    );
    return fc
      .record({ paths, queries, headers, body, who: fc.nat(), asJson: fc.boolean() })
      .map(({ paths: { path, isOwnPath }, queries: query, headers: own, body: sent, who, asJson }) => {
        const search = Object.entries(query)
          .map(([name, value]) => `${name}=${value}`)
          .join('&');
        const given = Object.fromEntries(Object.entries(own).map(([name, value]) => [name, value.trim()] as const));
        const typed =
          asJson && sent !== undefined ? { ...given, 'content-type': 'application/json', 'content-encoding': 'identity' } : given;
        return {
          path: search === '' ? path : `${path}?${search}`,
          isOwnPath,
          headers: typed,
          body: operation.method === 'GET' || operation.method === 'DELETE' ? undefined : sent,
          who,
        };
      });
  }

  it(
    'is never accepted when its body breaks the schema',
    async () => {
      for (const operation of operations) {
        const schema = bodySchema(operation);
        if (schema === undefined) continue;
        const fits = validatorOf(schema);
        const path = operation.path.replace(/\{[^}]+\}/g, '01995f3e-8c1a-7d2e-9b4f-3a6c1d8e5f70');
        await fc.assert(
          fc.asyncProperty(
            broken(schema, resolve).filter((value) => !fits(value)),
            async (value) => {
              const headers = await callAs(operation, { authorization: `Bearer ${admin}`, 'content-type': 'application/json' });
              const answer = await sendRaw(system.url, { agent, method: operation.method, path, headers, body: JSON.stringify(value) });
              expectPromised(operation, answer, true);
              expect([operation.operationId, answer.status]).toEqual([operation.operationId, 400]);
            },
          ),
          { numRuns: runs.broken, endOnFailure: true },
        );
      }
    },
    180_000 * factor,
  );

  it(
    'is refused or cut when it is no HTTP, and the next caller is served',
    async () => {
      const head = 'POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
      const pieces = fc.constantFrom(
        'GET / HTTP/1.1\r\n',
        'POST /v1/auth/login HTTP/1.1\r\n',
        'GET /v1/quotes HTTP/9.9\r\n',
        'Host: a\r\n',
        'Content-Length: 5\r\n',
        'Content-Length: 6\r\n',
        'Content-Length: -1\r\n',
        'Content-Length: 99999999999999999999\r\n',
        'Transfer-Encoding: chunked\r\n',
        'Transfer-Encoding: gzip, chunked\r\n',
        'Transfer-Encoding : chunked\r\n',
        '\r\n',
        '5\r\nhello\r\n',
        '0\r\n\r\n',
        'zz\r\n',
        'ffffffffffffffff\r\n',
        ' folded\r\n',
        'X: \u0000\r\n',
        'X\r\n',
        ': x\r\n',
        'Upgrade: h2c\r\nConnection: Upgrade\r\n',
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        '{"email":1}',
        'Expect: 100-continue\r\n',
        `X: ${'y'.repeat(20_000)}\r\n`,
        '\u0016\u0003\u0001\u0002\u0000',
        'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n',
        'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
      );
      const bytes = fc.oneof(
        { weight: 4, arbitrary: fc.array(pieces, { minLength: 1, maxLength: 8 }).map((parts) => Buffer.from(parts.join(''), 'latin1')) },
        { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 500 }).map((noise) => Buffer.from(noise)) },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((noise) => Buffer.concat([Buffer.from(head), noise])) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(bytes, { minLength: 8, maxLength: 8 }), async (several) => {
          const answers = await Promise.all(several.map((one) => sendBytes(system.url, one)));
          for (const answer of answers)
            for (const [line] of answer.matchAll(/^HTTP\/1\.1 \d+/gm)) expect(Number(line.slice(9))).toBeLessThan(500);
          expect((await sendRaw(system.url, { agent, method: 'GET', path: '/livez', headers: {} })).status).toBe(200);
        }),
        { numRuns: Math.ceil(runs.bytes / 8), endOnFailure: true },
      );
    },
    180_000 * factor,
  );
});
