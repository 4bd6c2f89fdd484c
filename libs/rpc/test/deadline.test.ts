import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AiService } from '@quotemaster/contract/ai';
import { QuoteService } from '@quotemaster/contract/quote';
import { serviceNames, startTestRpc } from '@quotemaster/testkit/test-rpc';
import type { TestRpc } from '@quotemaster/testkit/test-rpc';
import { createTestIdentity, testUser } from '@quotemaster/testkit/test-identity';
import { waitUntil } from '@quotemaster/testkit/wait-until';
import { createRpcClient, handleRpc } from '../src/index.ts';
import type { CallOptions, RpcCall, RpcHandler } from '../src/index.ts';
import { echoHandlers } from './echo-handlers.ts';
import { EchoService } from './echo-service.ts';

const started: TestRpc[] = [];
afterEach(async () => {
  for (const rpc of started.splice(0)) await rpc.stop();
});

const never = (): Promise<never> => Promise.reject(new Error('no test calls this'));
const neverMany = async function* () {
  await never();
  yield {};
};

/** Handlers of every quote RPC, of which only GenerateQuotes is called here. */
function quoteHandlers(generate: (call: RpcCall) => Promise<object>): RpcHandler[] {
  return QuoteService.methods.map((method) =>
    method === QuoteService.method.generateQuotes
      ? handleRpc(QuoteService.method.generateQuotes, (_request, call) => generate(call))
      : ({ method, answer: method.methodKind === 'unary' ? never : neverMany } satisfies RpcHandler),
  );
}

/** gateway (this test) -> quote -> ai-orchestrator, over real connections. */
async function startChain(complete: (call: RpcCall) => Promise<never>) {
  const identities = createTestIdentity(serviceNames);
  const ai = await startTestRpc(
    'ai-orchestrator',
    [handleRpc(AiService.method.complete, (_request, call) => complete(call)), handleRpc(AiService.method.streamComplete, neverMany)],
    { identities },
  );
  const aiClient = createRpcClient(AiService, {
    address: ai.server.address,
    callee: 'ai-orchestrator',
    identity: identities.identityOf('quote'),
  });
  const quote = await startTestRpc(
    'quote',
    quoteHandlers(async (parent) => {
      await aiClient.complete({ messages: [{ role: 'user', content: 'a thought' }], brief: { prompt: 'a thought', count: 1 } }, { parent });
      return {};
    }),
    { identities },
  );
  started.push(quote, ai);
  return { quote: quote.clientOf(QuoteService), ai };
}

describe('over two hops', () => {
  it('the last one sees the deadline, the request id and the principal of the first', async () => {
    let seen: RpcCall | undefined;
    const { quote } = await startChain(async (call) => {
      seen = call;
      throw new Error('seen enough');
    });
    const actor = testUser();
    const before = Date.now();
    await expect(quote.generateQuotes({ prompt: 'a thought' }, { timeoutMs: 1_234, actor, requestId: 'request-1' })).rejects.toThrow();
    expect(seen).toMatchObject({ requestId: 'request-1', caller: 'quote', principal: actor.principal });
    expect(seen!.deadline).toBeGreaterThan(before);
    // grpc-timeout travels in whole milliseconds, rounded up at each hop.
    expect(seen!.deadline).toBeLessThanOrEqual(before + 1_234 + 250);
  });

  it('cancelling the first call aborts the last one', async () => {
    const abort = new AbortController();
    let aborted: Promise<unknown> | undefined;
    let reason: unknown;
    const { quote } = await startChain(async (call) => {
      aborted = once(call.signal, 'abort').then(() => (reason = call.signal.reason));
      abort.abort();
      await aborted;
      throw reason;
    });
    await expect(
      quote.generateQuotes({ prompt: 'a thought' }, { timeoutMs: 10_000, actor: testUser(), signal: abort.signal }),
    ).rejects.toMatchObject({ code: 'common.cancelled' });
    await aborted;
    expect(reason).toMatchObject({ code: 'common.cancelled' });
  });

  it('a deadline that passes ends both, and each says so', async () => {
    let reason: unknown;
    const { quote, ai } = await startChain(async (call) => {
      await once(call.signal, 'abort');
      reason = call.signal.reason;
      throw reason;
    });
    await expect(quote.generateQuotes({ prompt: 'a thought' }, { timeoutMs: 200, actor: testUser() })).rejects.toMatchObject({
      code: 'common.deadline_exceeded',
    });
    await waitUntil('the last hop is told', () => reason !== undefined);
    expect((reason as { code: string }).code).toMatch(/^common\.(deadline_exceeded|cancelled)$/);
    expect(await ai.metrics.registry.metrics()).toMatch(
      /rpc_server_requests_total\{.*AiService\/Complete",status="(DEADLINE_EXCEEDED|CANCELLED)"/,
    );
  });
});

describe('a deadline', () => {
  async function startEcho(...parameters: Parameters<typeof echoHandlers>) {
    const rpc = await startTestRpc('user', echoHandlers(...parameters));
    started.push(rpc);
    return rpc.clientOf(EchoService);
  }

  it('is never later than the contract allows, whatever the caller asks for', async () => {
    const echo = await startEcho({ say: async (_request, call) => ({ value: String(call.remainingMs()) }) });
    const { value } = await echo.say({}, { timeoutMs: 3_600_000, actor: { kind: 'none' } });
    expect(Number(value)).toBeGreaterThan(4_000);
    expect(Number(value)).toBeLessThanOrEqual(5_000);
  });

  it('that has passed already ends a call before it is made', async () => {
    let calls = 0;
    const echo = await startEcho({ say: async () => ({ value: String((calls += 1)) }) });
    const parent = { actor: { kind: 'none' }, deadline: Date.now() - 1, signal: new AbortController().signal, requestId: 'r' } as const;
    await expect(echo.say({}, { parent })).rejects.toMatchObject({ code: 'common.deadline_exceeded' });
    await expect(echo.say({}, { timeoutMs: 1_000, actor: { kind: 'none' }, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'common.cancelled',
    });
    expect(calls).toBe(0);
  });

  it('of a child is the nearer of its parent’s and its own', async () => {
    const echo = await startEcho({ say: async (_request, call) => ({ value: String(call.remainingMs()) }) });
    const parent = { actor: { kind: 'none' }, deadline: Date.now() + 2_000, signal: new AbortController().signal, requestId: 'r' } as const;
    expect(Number((await echo.say({}, { parent })).value)).toBeLessThanOrEqual(2_000);
    expect(Number((await echo.say({}, { parent, timeoutMs: 500 })).value)).toBeLessThanOrEqual(500);
  });

  it('is asked for by the types and by the code', async () => {
    const echo = await startEcho();
    // @ts-expect-error a call without options does not compile
    await expect(echo.say({})).rejects.toThrow(TypeError);
    // @ts-expect-error nor does one without a deadline
    await expect(echo.say({}, { actor: { kind: 'none' } })).rejects.toThrow('a call needs a deadline');
    // @ts-expect-error nor a stream without one
    const stream = echo.count({}, { actor: { kind: 'none' } });
    await expect(stream[Symbol.asyncIterator]().next()).rejects.toThrow('a call needs a deadline');
    await expect(echo.say({}, { actor: { kind: 'none' }, timeoutMs: Number.POSITIVE_INFINITY })).rejects.toThrow('a call needs a deadline');
    await expect(echo.say({}, { actor: { kind: 'none' }, timeoutMs: 0 })).rejects.toThrow('timeoutMs must be positive');
    const options = { actor: { kind: 'none' }, timeoutMs: 1_000 } satisfies CallOptions;
    await expect(echo.say({}, options)).resolves.toBeDefined();
  });
});
