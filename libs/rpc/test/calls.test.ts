import { once } from 'node:events';
import { create } from '@bufbuild/protobuf';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AppError, commonErrors } from '@quotemaster/errors';
import { startTestRpc } from '@quotemaster/testkit/test-rpc';
import { waitUntil } from '@quotemaster/testkit/wait-until';
import type { TestRpc } from '@quotemaster/testkit/test-rpc';
import { callMethod, createRpcClient } from '../src/index.ts';
import type { CallOptions, RpcCall } from '../src/index.ts';
import { collect, echoHandlers } from './echo-handlers.ts';
import { EchoService } from './echo-service.ts';

const options = { timeoutMs: 5_000, actor: { kind: 'none' } } satisfies CallOptions;

let rpc: TestRpc | undefined;
afterEach(async () => {
  await rpc?.stop();
  rpc = undefined;
});

async function start(...parameters: Parameters<typeof echoHandlers>) {
  rpc = await startTestRpc('user', echoHandlers(...parameters));
  return rpc.clientOf(EchoService);
}

async function* texts(...values: string[]): AsyncIterable<{ value: string }> {
  for (const value of values) yield { value };
}

describe('a call', () => {
  it('brings one message back for one sent', async () => {
    const echo = await start();
    expect(await echo.say({ value: 'hello' }, options)).toMatchObject({ value: 'hello' });
  });

  it('brings an empty message back', async () => {
    const echo = await start();
    expect(await echo.say({}, options)).toMatchObject({ value: '' });
  });

  it('brings a stream back in order', async () => {
    const echo = await start();
    expect(await collect(echo.count({ value: '500' }, options))).toEqual(Array.from({ length: 500 }, (_, index) => String(index + 1)));
  });

  it('takes a stream and brings one message back', async () => {
    const echo = await start();
    expect(await echo.join(texts('a', '', 'b'), options)).toMatchObject({ value: 'a  b' });
  });

  it('streams both ways', async () => {
    const echo = await start();
    expect(await collect(echo.chat(texts('a', 'b', 'c'), options))).toEqual(['a', 'b', 'c']);
  });

  it('ends well when the handler answers before it has read every request', async () => {
    const echo = await start({ join: async () => ({ value: 'enough' }) });
    let closed = false;
    async function* endless() {
      try {
        for (;;) yield { value: 'more' };
      } finally {
        closed = true;
      }
    }
    expect(await echo.join(endless(), options)).toMatchObject({ value: 'enough' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(true);
  });

  it('throws what its own stream of requests throws, and never passes half a stream for a whole one', async () => {
    let serverSide: Promise<unknown> | undefined;
    const echo = await start({
      join: (requests, call) => {
        const aborted = once(call.signal, 'abort');
        const read = collect(requests);
        serverSide = Promise.all([aborted, expect(read).rejects.toMatchObject({ code: 'common.cancelled' })]);
        return read.then(() => ({ value: 'never' }));
      },
    });
    async function* broken() {
      yield { value: 'a' };
      await waitUntil('the handler reads', () => serverSide !== undefined);
      throw new Error('the source broke');
    }
    await expect(echo.join(broken(), options)).rejects.toThrow('the source broke');
    await serverSide;
  });

  it('carries the idempotency key, the request id, and the trailer of a replay', async () => {
    let seen: RpcCall | undefined;
    const echo = await start({
      say: async (_request, call) => {
        seen = call;
        call.setReplayed();
        return { value: '' };
      },
    });
    const trailers: unknown[] = [];
    await echo.say(
      {},
      { ...options, requestId: 'request-7', idempotencyKey: 'schlüssel 1', onTrailer: (trailer) => trailers.push(trailer) },
    );
    expect(seen).toMatchObject({ requestId: 'request-7', idempotencyKey: 'schlüssel 1', caller: 'gateway', principal: undefined });
    expect(trailers).toEqual([{ replayed: true }]);
  });

  it('makes a request id where the one sent is not sane', async () => {
    let seen = '';
    const echo = await start({ say: async (_request, { requestId }) => ({ value: (seen = requestId) }) });
    await echo.say({}, { ...options, requestId: 'x'.repeat(200) });
    expect(seen).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('believes the gateway alone about the client', async () => {
    const seen: unknown[] = [];
    const echo = await start({ say: async (_request, { client }) => (seen.push(client), { value: '' }) });
    const client = { address: '203.0.113.9', userAgent: 'Mozilla/5.0 (naïve)' };
    await echo.say({}, { ...options, client });
    await rpc!.clientOf(EchoService, 'quote').say({}, { ...options, client });
    expect(seen).toEqual([client, undefined]);
  });

  it('refuses a message beyond 4 MiB', async () => {
    const echo = await start();
    await expect(echo.say({ value: 'x'.repeat(5 * 1_024 * 1_024) }, options)).rejects.toMatchObject({ code: 'common.overloaded' });
  });
});

describe('a stream', () => {
  it('waits for its reader: a slow one holds the generator back', async () => {
    let made = 0;
    const big = 'x'.repeat(64 * 1_024);
    const echo = await start({
      count: async function* () {
        for (; made < 2_000; made += 1) yield { value: big };
      },
    });
    const reader = echo.count({}, options)[Symbol.asyncIterator]();
    await reader.next();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(made).toBeLessThan(500);
    await reader.return?.();
  });

  it('with a reader that is stuck ends at its deadline, for the handler as well', async () => {
    let left: () => void;
    const hasLeft = new Promise<void>((resolve) => (left = resolve));
    const echo = await start({
      count: async function* () {
        try {
          for (;;) yield { value: 'x'.repeat(64 * 1_024) };
        } finally {
          left();
        }
      },
    });
    const reader = echo.count({}, { ...options, timeoutMs: 2_000 })[Symbol.asyncIterator]();
    await reader.next();
    await hasLeft;
    await reader.return?.();
  });

  it('runs the generator’s finally when the reader leaves', async () => {
    let left: () => void;
    const hasLeft = new Promise<void>((resolve) => (left = resolve));
    const echo = await start({
      count: async function* () {
        try {
          for (;;) yield { value: 'again' };
        } finally {
          left();
        }
      },
    });
    const reader = echo.count({}, options)[Symbol.asyncIterator]();
    await reader.next();
    await reader.return?.();
    await hasLeft;
  });

  it('gives what was sent before it failed, then the error', async () => {
    const echo = await start({
      count: async function* () {
        yield { value: '1' };
        yield { value: '2' };
        throw new AppError(commonErrors.overloaded, { retryAfterMs: 1_500 });
      },
    });
    const values: string[] = [];
    const reading = (async () => {
      for await (const { value } of echo.count({}, options)) values.push(value);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'common.overloaded', retryAfterMs: 1_500 });
    expect(values).toEqual(['1', '2']);
  });
});

describe('callMethod', () => {
  it('calls by descriptor alone: unary with its trailer, and a stream', async () => {
    rpc = await startTestRpc(
      'user',
      echoHandlers({
        say: async ({ value }, call) => {
          call.setReplayed();
          return { value };
        },
      }),
    );
    const client = rpc.clientOf(EchoService);
    const { say, count } = EchoService.method;
    const trailers: unknown[] = [];
    const answer = await callMethod(client, say, create(say.input, { value: 'hello' }), {
      ...options,
      onTrailer: (trailer) => trailers.push(trailer),
    });
    expect(answer).toEqual(create(say.output, { value: 'hello' }));
    expect(trailers).toEqual([{ replayed: true }]);
    const numbers: unknown[] = [];
    for await (const number of callMethod(client, count, create(count.input, { value: '3' }), options)) numbers.push(number);
    expect(numbers).toEqual(['1', '2', '3'].map((value) => create(count.output, { value })));
  });

  it('finds a server by a name of the DNS', async () => {
    rpc = await startTestRpc('user', echoHandlers());
    const client = createRpcClient(EchoService, {
      address: `dns:///localhost:${String(rpc.server.port)}`,
      callee: 'user',
      identity: rpc.identities.identityOf('gateway'),
    });
    await expect(client.say({ value: 'hello' }, options)).resolves.toMatchObject({ value: 'hello' });
    client.close();
  });
});
