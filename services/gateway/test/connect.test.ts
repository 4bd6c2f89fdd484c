import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DescMethodUnary, DescService } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import type { Client, Interceptor, Transport } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { contractServices, routedMethods } from '@quotemaster/contract';
import { DecisionService, ProviderService } from '@quotemaster/contract/ai';
import { QuoteService, quoteErrors } from '@quotemaster/contract/quote';
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from '@quotemaster/contract/rpc';
import {
  AdminService,
  ApiKeyService,
  AuthService,
  MfaService,
  OAuthService,
  PasskeyService,
  UserService,
} from '@quotemaster/contract/user';
import { AppError } from '@quotemaster/errors';
import type { RpcCall } from '@quotemaster/rpc';
import { waitUntil } from '@quotemaster/testkit';
import { sessionId, startEdge, userId } from './support/edge.ts';
import type { Edge } from './support/edge.ts';

/** One RPC a service whose request may be empty, save for an id. */
const simple: readonly DescMethodUnary[] = [
  AdminService.method.listUsers,
  ApiKeyService.method.listApiKeys,
  DecisionService.method.getDecision,
  ProviderService.method.listProviders,
  AuthService.method.getJwks,
  MfaService.method.getMfa,
  OAuthService.method.listOAuthProviders,
  PasskeyService.method.listPasskeys,
  QuoteService.method.listQuotes,
  UserService.method.getMe,
];
const transports = {
  'Connect in JSON': (options: TransportOptions) => createConnectTransport({ ...options, httpVersion: '1.1', useBinaryFormat: false }),
  'Connect in binary': (options: TransportOptions) => createConnectTransport({ ...options, httpVersion: '1.1', useBinaryFormat: true }),
  'gRPC-Web': (options: TransportOptions) => createGrpcWebTransport({ ...options, httpVersion: '1.1' }),
} as const;
interface TransportOptions {
  readonly baseUrl: string;
  readonly interceptors: Interceptor[];
}

describe.each(Object.keys(transports) as (keyof typeof transports)[])('%s', (protocol) => {
  let edge: Edge;
  beforeEach(async () => {
    edge = await startEdge();
  });
  afterEach(() => edge.stop());

  function transport(token: string | false = edge.token()): Transport {
    const authorize: Interceptor = (next) => (request) => {
      if (token !== false) request.header.set('Authorization', `Bearer ${token}`);
      return next(request);
    };
    return transports[protocol]({ baseUrl: edge.url, interceptors: [authorize] });
  }
  const clientOf = <S extends DescService>(service: S, token?: string | false): Client<S> => createClient(service, transport(token));
  const failure = async (promise: Promise<unknown>): Promise<ConnectError> => {
    const error: unknown = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof ConnectError)) throw new Error('no ConnectError', { cause: error });
    return error;
  };

  it('answers an official client for each service that the outside may call', async () => {
    expect(simple.map(({ parent }) => parent.typeName).sort()).toEqual(
      [...new Set(routedMethods(contractServices).map(({ method }) => method.parent.typeName))].sort(),
    );
    edge.sessions.set(sessionId, { active: true, userId, role: 'admin' });
    const admin = transport(edge.token({ role: 'admin' }));
    for (const method of simple) {
      const { message } = await admin.unary(
        method,
        undefined,
        undefined,
        undefined,
        method === DecisionService.method.getDecision ? { id: userId } : {},
      );
      expect(message.$typeName).toBe(method.output.typeName);
    }
  });

  it('brings a request as it was, and the answer with the headers that REST has', async () => {
    edge.on('CreateQuote', (_: unknown, call: RpcCall) => {
      call.setReplayed();
      return { quote: { id: 'q1', text: 'Begin.', sentimentScore: 0.5, tags: ['a'] } };
    });
    const headers = new Headers();
    const { quote } = await clientOf(QuoteService).createQuote(
      { text: 'Begin.', tags: ['a'] },
      {
        headers: { 'Idempotency-Key': 'k-1', 'X-Request-Id': 'mine' },
        onHeader: (sent) => sent.forEach((value, name) => headers.set(name, value)),
      },
    );
    expect(quote).toMatchObject({ id: 'q1', text: 'Begin.', sentimentScore: 0.5, tags: ['a'] });
    expect(edge.calls).toMatchObject([
      { method: 'CreateQuote', request: { text: 'Begin.', tags: ['a'] }, call: { idempotencyKey: 'k-1', requestId: 'mine' } },
    ]);
    expect(headers.get('x-request-id')).toBe('mine');
    expect(headers.get('idempotent-replayed')).toBe('true');
    expect(headers.get('ratelimit')).toMatch(/^"write";r=/);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('streams', async () => {
    edge.on('StreamGenerateQuotes', async function* () {
      for (const text of ['Be', 'gin.']) yield await Promise.resolve({ event: { case: 'delta', value: { index: 0, text } } });
    } as never);
    const texts: string[] = [];
    for await (const { event } of clientOf(QuoteService).streamGenerateQuotes({ request: { prompt: 'a' } }))
      if (event.case === 'delta') texts.push(event.value.text);
    expect(texts).toEqual(['Be', 'gin.']);
  });

  it('refuses whom REST refuses, and asks nobody behind', async () => {
    expect(await failure(clientOf(QuoteService, false).listQuotes({}))).toMatchObject({ code: Code.Unauthenticated });
    expect(await failure(clientOf(QuoteService, 'no.token.atall').listQuotes({}))).toMatchObject({ code: Code.Unauthenticated });
    expect(await failure(clientOf(AdminService).listUsers({}))).toMatchObject({ code: Code.PermissionDenied });
    const readOnly = edge.token({ scopes: ['quotes:read'] });
    expect(await failure(clientOf(QuoteService, readOnly).createQuote({ text: 'a' }))).toMatchObject({ code: Code.PermissionDenied });
    const stream = clientOf(QuoteService, readOnly).streamGenerateQuotes({ request: { prompt: 'a' } });
    expect(await failure(stream[Symbol.asyncIterator]().next())).toMatchObject({ code: Code.PermissionDenied });
    expect(edge.calls).toEqual([]);
  });

  it('does not serve what services alone may call', async () => {
    expect(await failure(clientOf(AuthService).checkSession({ sessionId: '01900000-0000-7000-8000-0000000000aa' }))).toMatchObject({
      code: Code.Unimplemented,
    });
    expect(await failure(clientOf(ApiKeyService).resolveApiKey({ secretHash: new Uint8Array(32) }))).toMatchObject({
      code: Code.Unimplemented,
    });
  });

  it('counts calls under the same limit as REST', async () => {
    await edge.stop();
    edge = await startEdge({ env: { QM_RATE_READ_PER_MINUTE: '2' } });
    await edge.request('GET', '/v1/quotes');
    await clientOf(QuoteService).listQuotes({});
    const error = await failure(clientOf(QuoteService).listQuotes({}));
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(Number(error.metadata.get('retry-after'))).toBeGreaterThan(0);
    expect(error.findDetails(RetryInfoSchema)).toHaveLength(1);
  });

  it('tells our code and the faults of each field', async () => {
    const error = await failure(clientOf(QuoteService).createQuote({ text: '', tags: ['x\0'] }));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([{ reason: 'common.invalid_request', domain: 'quotemaster' }]);
    expect(error.findDetails(BadRequestSchema)[0]?.fieldViolations).toMatchObject([{ field: 'tags[0]' }]);
    const other = await failure(clientOf(QuoteService).createQuote({ text: '', author: ' ' }));
    expect(other.findDetails(BadRequestSchema)[0]?.fieldViolations).toMatchObject([
      { field: 'text' },
      { field: 'author', description: 'must not be blank or hold control characters' },
    ]);
    edge.on('GetQuote', () => {
      throw new AppError(quoteErrors.notFound, { reason: 'private words' });
    });
    const missing = await failure(clientOf(QuoteService).getQuote({ id: '01900000-0000-7000-8000-000000000001' }));
    expect(missing).toMatchObject({ code: Code.NotFound, rawMessage: 'There is no such quote.' });
  });

  it('keeps what went wrong inside to itself', async () => {
    edge.on('ListQuotes', () => {
      throw new Error('the password is swordfish');
    });
    const error = await failure(clientOf(QuoteService).listQuotes({}));
    expect(error.code).toBe(Code.Internal);
    expect(JSON.stringify([error.rawMessage, error.details, [...error.metadata]])).not.toContain('swordfish');
  });

  it('ends a call at the caller’s deadline, and the call behind it', async () => {
    let ended = false;
    edge.on('ListQuotes', async (_: unknown, call: RpcCall) => {
      await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
      ended = true;
    });
    expect(await failure(clientOf(QuoteService).listQuotes({}, { timeoutMs: 200 }))).toMatchObject({ code: Code.DeadlineExceeded });
    await waitUntil('the call behind has ended', () => ended);
  });

  it('cancels the call behind when the caller hangs up', async () => {
    let ended = false;
    edge.on('StreamGenerateQuotes', async function* (_: unknown, call: RpcCall) {
      call.signal.addEventListener('abort', () => (ended = true));
      yield { event: { case: 'delta', value: { index: 0, text: 'Be' } } };
      await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
    } as never);
    const hangUp = new AbortController();
    const stream = clientOf(QuoteService).streamGenerateQuotes({ request: { prompt: 'a' } }, { signal: hangUp.signal });
    const reading = failure(
      (async () => {
        for await (const { event } of stream) if (event.case === 'delta') hangUp.abort();
      })(),
    );
    expect(await reading).toMatchObject({ code: Code.Canceled });
    await waitUntil('the call behind has ended', () => ended);
  });

  it('refuses a body over the bound of the contract', async () => {
    const error = await failure(clientOf(QuoteService).createQuote({ text: 'x'.repeat(70_000) }));
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(edge.calls).toEqual([]);
    expect((await edge.request('GET', '/livez')).status).toBe(200);
  });
});

describe('the paths of Connect', () => {
  let edge: Edge;
  beforeEach(async () => {
    edge = await startEdge();
  });
  afterEach(() => edge.stop());

  it('do not take gRPC proper, which is for inside', async () => {
    const client = createClient(AuthService, createGrpcTransport({ baseUrl: edge.url }));
    await expect(client.getJwks({})).rejects.toBeInstanceOf(ConnectError);
    const answer = await edge.request('POST', '/quotemaster.quote.v1.QuoteService/ListQuotes', {
      raw: '',
      headers: { 'content-type': 'application/grpc+proto' },
    });
    expect(answer.status).toBe(415);
  });

  it('can be called with curl, as JSON', async () => {
    edge.on('ListQuotes', () => ({ items: [] }));
    const answer = await edge.request('POST', '/quotemaster.quote.v1.QuoteService/ListQuotes', { body: {} });
    expect([answer.status, answer.body]).toEqual([200, {}]);
    const refused = await edge.request('POST', '/quotemaster.quote.v1.QuoteService/ListQuotes', { body: {}, token: false });
    expect([refused.status, refused.body.code]).toEqual([401, 'unauthenticated']);
  });

  it('are counted by their name in the metrics', async () => {
    await edge.request('POST', '/quotemaster.quote.v1.QuoteService/ListQuotes', { body: {} });
    expect(await edge.metrics.registry.metrics()).toContain('route="/quotemaster.quote.v1.QuoteService/ListQuotes"');
  });
});
