import { afterEach, describe, expect, it } from '@jest/globals';
import { QuoteService, quoteErrors } from '@quotemaster/contract/quote';
import { UserService, userErrors } from '@quotemaster/contract/user';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { ErrorDefinition } from '@quotemaster/errors';
import { testUser } from '@quotemaster/testkit/test-identity';
import { startTestRpc } from '@quotemaster/testkit/test-rpc';
import type { TestRpc } from '@quotemaster/testkit/test-rpc';
import { createRpcClient } from '../src/index.ts';
import type { RpcHandler } from '../src/index.ts';
import { echoHandlers } from './echo-handlers.ts';
import { EchoService } from './echo-service.ts';
import { withStandIns } from './stand-ins.ts';

let rpc: TestRpc | undefined;
afterEach(async () => {
  await rpc?.stop();
  rpc = undefined;
});

async function failWith(error: unknown): Promise<AppError> {
  rpc = await startTestRpc(
    'user',
    echoHandlers({
      change: async () => {
        throw error;
      },
    }),
  );
  const failure: unknown = await rpc
    .clientOf(EchoService)
    .change({}, { timeoutMs: 2_000, actor: { kind: 'none' }, requestId: 'request-9' })
    .catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(AppError);
  return failure as AppError;
}

describe('an error', () => {
  it('arrives with its code, public sentence, fields, retry time and metadata, and without its private sentence', async () => {
    const error = await failWith(
      new AppError(quoteErrors.nothingNew, {
        detail: 'Öffentlich: nothing new.',
        reason: 'PRIVATE: prompt hash 1234',
        fields: [{ field: 'tags[0]', message: 'is taken' }],
        retryAfterMs: 1_250,
        metadata: { tried: '3' },
        cause: new Error('PRIVATE cause'),
      }),
    );
    expect(error.definition).toEqual(quoteErrors.nothingNew);
    expect(error).toMatchObject({
      detail: 'Öffentlich: nothing new.',
      fields: [{ field: 'tags[0]', message: 'is taken' }],
      retryAfterMs: 1_250,
      metadata: { tried: '3' },
    });
    expect(error.message).toBe('user answered quote.nothing_new');
    expect(JSON.stringify(error) + String(error.stack)).not.toContain('PRIVATE');
  });

  it('that is not ours becomes common.internal, its text in the log with the request id and nowhere else', async () => {
    const error = await failWith(new Error('PRIVATE: password of the database'));
    expect(error.code).toBe('common.internal');
    expect(error.detail).toBe(commonErrors.internal.detail);
    expect(JSON.stringify(error) + error.message + String(error.stack)).not.toContain('PRIVATE');
    const line = rpc!.log.lines.find(({ msg }) => msg === 'an RPC failed');
    expect(line).toMatchObject({ level: 'error', requestId: 'request-9' });
    expect(JSON.stringify(line)).toContain('PRIVATE');
  });

  it('that is no Error at all becomes common.internal too', async () => {
    expect((await failWith('PRIVATE text')).code).toBe('common.internal');
  });

  it('with an undeclared code becomes common.internal and its sentence stays behind', async () => {
    const undeclared: ErrorDefinition = { ...commonErrors.notFound, code: 'made.up', detail: 'PRIVATE sentence' };
    const error = await failWith(new AppError(undeclared));
    expect(error.code).toBe('common.internal');
    expect(JSON.stringify(error) + error.message).not.toContain('PRIVATE');
  });

  it('arrives whole in its trailers, however much it has to say', async () => {
    const fields = Array.from({ length: 200 }, () => ({ field: 'ü'.repeat(5_000), message: '🙂'.repeat(5_000) }));
    const error = await failWith(new AppError(commonErrors.invalidRequest, { detail: `${'x'.repeat(999)}🙂`, fields }));
    expect(error.code).toBe('common.invalid_request');
    expect(error.fields).toHaveLength(50);
    expect(error.detail.length).toBe(1_000);
  });

  it('of a declared code goes on through a service that does not handle it', async () => {
    const error = await failWith(new AppError(userErrors.notFound, { reason: 'PRIVATE' }));
    const second = await startTestRpc(
      'quote',
      echoHandlers({
        change: async () => {
          throw error;
        },
      }),
    );
    try {
      await expect(second.clientOf(EchoService).change({}, { timeoutMs: 2_000, actor: { kind: 'none' } })).rejects.toMatchObject({
        code: 'user.not_found',
        detail: userErrors.notFound.detail,
      });
    } finally {
      await second.stop();
    }
  });

  it('of the road is common.unavailable where nobody listens, tried once more for an idempotent RPC only', async () => {
    rpc = await startTestRpc('user', echoHandlers());
    const { address } = rpc.server;
    const { metrics, identities } = rpc;
    await rpc.stop();
    const client = createRpcClient(EchoService, { address, callee: 'user', identity: identities.identityOf('gateway'), metrics });
    await expect(client.say({}, { timeoutMs: 2_000, actor: { kind: 'none' } })).rejects.toMatchObject({
      code: 'common.unavailable',
      detail: commonErrors.unavailable.detail,
    });
    await expect(client.change({}, { timeoutMs: 2_000, actor: { kind: 'none' } })).rejects.toMatchObject({ code: 'common.unavailable' });
    client.close();
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/rpc_client_requests_total\{method="test.v1.EchoService\/Say",status="UNAVAILABLE",.*\} 2\n/);
    expect(text).toMatch(/rpc_client_requests_total\{method="test.v1.EchoService\/Change",status="UNAVAILABLE",.*\} 1\n/);
  });

  it('UNAVAILABLE that a handler gave is not tried again', async () => {
    let calls = 0;
    rpc = await startTestRpc(
      'user',
      echoHandlers({
        say: async () => {
          calls += 1;
          throw new AppError(commonErrors.unavailable);
        },
      }),
    );
    await expect(rpc.clientOf(EchoService).say({}, { timeoutMs: 2_000, actor: { kind: 'none' } })).rejects.toMatchObject({
      code: 'common.unavailable',
    });
    expect(calls).toBe(1);
  });
});

describe('validation', () => {
  const unused = () => Promise.reject(new Error('no test calls this'));

  async function startQuotes(create: () => Promise<object>) {
    const handlers = QuoteService.methods.map((method): RpcHandler =>
      method === QuoteService.method.createQuote || method === QuoteService.method.getQuote
        ? { method, answer: create }
        : { method, answer: unused },
    );
    rpc = await startTestRpc('quote', handlers);
    return rpc.clientOf(QuoteService);
  }

  it('refuses a request before its handler, with the path of each fault in JSON names', async () => {
    let calls = 0;
    const quotes = await startQuotes(async () => ({ calls: (calls += 1) }));
    const tags = ['fine', ''];
    await expect(quotes.createQuote({ text: '', tags }, { timeoutMs: 2_000, actor: testUser() })).rejects.toMatchObject({
      code: 'common.invalid_request',
      fields: [
        { field: 'text', message: expect.any(String) },
        { field: 'tags[1]', message: expect.any(String) },
      ],
    });
    await expect(quotes.getQuote({ id: 'no-uuid' }, { timeoutMs: 2_000, actor: testUser() })).rejects.toMatchObject({
      fields: [{ field: 'id' }],
    });
    expect(calls).toBe(0);
  });

  it('names nested fields and camelCase ones', async () => {
    rpc = await startTestRpc('user', withStandIns(UserService, []));
    await expect(rpc.clientOf(UserService).updateMe({ fullName: '' }, { timeoutMs: 2_000, actor: testUser() })).rejects.toMatchObject({
      fields: [{ field: 'fullName' }],
    });
  });
});
