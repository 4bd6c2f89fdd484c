import { afterEach, describe, expect, it } from '@jest/globals';
import { Health, HealthCheckResponse_ServingStatus as ServingStatus } from '@quotemaster/contract/rpc';
import { startTestRpc } from '@quotemaster/testkit/test-rpc';
import type { TestRpc } from '@quotemaster/testkit/test-rpc';
import { waitUntil } from '@quotemaster/testkit/wait-until';
import type { CallOptions, RpcCall } from '../src/index.ts';
import { echoHandlers } from './echo-handlers.ts';
import { EchoService } from './echo-service.ts';

const options: CallOptions = { timeoutMs: 5_000, actor: { kind: 'none' } };

let rpc: TestRpc | undefined;
afterEach(async () => {
  await rpc?.stop();
  rpc = undefined;
});

/** A gate that holds handlers back until it opens. */
function createGate(): { open(): void; readonly opened: Promise<void> } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open: () => open(), opened };
}

describe('the stop of a server', () => {
  it('lets 32 calls in flight and an open stream end: none fails', async () => {
    const gate = createGate();
    let inFlight = 0;
    rpc = await startTestRpc(
      'user',
      echoHandlers({
        change: async ({ value }) => {
          inFlight += 1;
          await gate.opened;
          return { value };
        },
        count: async function* () {
          inFlight += 1;
          yield { value: 'before' };
          await gate.opened;
          yield { value: 'after' };
        },
      }),
    );
    const echo = rpc.clientOf(EchoService);
    const values: string[] = [];
    const stream = (async () => {
      for await (const { value } of echo.count({}, options)) values.push(value);
    })();
    const calls = Array.from({ length: 32 }, (_, index) => echo.change({ value: String(index) }, options));
    await waitUntil('all are in flight', () => inFlight === 33 && values.length === 1);

    const stopped = rpc.server.stop();
    await waitUntil('no new connection is taken', async () => {
      const late = rpc!.clientOf(EchoService, 'quote');
      return late.change({}, options).then(
        () => false,
        () => true,
      );
    });
    gate.open();

    await expect(Promise.all(calls)).resolves.toHaveLength(32);
    await stream;
    expect(values).toEqual(['before', 'after']);
    await stopped;
    rpc = undefined;
  });

  it('ends what outlasts the drain with common.unavailable, and tells its handler', async () => {
    let seen: RpcCall | undefined;
    rpc = await startTestRpc(
      'user',
      echoHandlers({
        count: async function* (_request, call) {
          seen = call;
          yield { value: 'first' };
          await new Promise(() => undefined);
        },
      }),
      { drainMs: 600 },
    );
    const stream = rpc.clientOf(EchoService).count({}, options)[Symbol.asyncIterator]();
    await stream.next();
    const ended = expect(stream.next()).rejects.toMatchObject({ code: 'common.unavailable' });
    await rpc.server.stop();
    await ended;
    expect(seen!.signal.reason).toMatchObject({ code: 'common.unavailable' });
  });

  it('tells health watchers first, then ends their streams', async () => {
    rpc = await startTestRpc('user', echoHandlers());
    const statuses: ServingStatus[] = [];
    const watching = (async () => {
      for await (const { status } of rpc.clientOf(Health).watch({}, options)) statuses.push(status);
    })();
    await waitUntil('the watch has begun', () => statuses.length === 1);
    await rpc.server.stop();
    await watching;
    expect(statuses).toEqual([ServingStatus.SERVING, ServingStatus.NOT_SERVING]);
  });
});
