import { afterAll, describe, expect, it } from '@jest/globals';
import { AppError, commonErrors } from '@quotemaster/errors';
import { withSpan } from '@quotemaster/observe';
import { startTestRpc } from '@quotemaster/testkit/test-rpc';
import { createTestTracing } from '@quotemaster/testkit/test-tracing';
import type { CallOptions } from '../src/index.ts';
import { collect, echoHandlers } from './echo-handlers.ts';
import { EchoService } from './echo-service.ts';

const options: CallOptions = { timeoutMs: 5_000, actor: { kind: 'none' } };
const tracing = createTestTracing();
afterAll(() => tracing.stop());

describe('telemetry', () => {
  it('makes one trace of caller, client, server and handler, over unary calls and streams', async () => {
    const rpc = await startTestRpc(
      'user',
      echoHandlers({
        say: async ({ value }) => withSpan('work', {}, async () => ({ value })),
        count: async function* () {
          yield { value: await withSpan('work', {}, async () => 'PRIVATE') };
        },
      }),
    );
    const echo = rpc.clientOf(EchoService);
    await withSpan('caller', {}, async () => {
      await echo.say({ value: 'PRIVATE' }, options);
      await collect(echo.count({}, options));
    });
    await rpc.stop();

    const spans = tracing.spans();
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(tracing.tree(spans[0]!.traceId).split('\n')).toEqual([
      'internal caller',
      '  client test.v1.EchoService/Say',
      '    server test.v1.EchoService/Say',
      '      internal work',
      '  client test.v1.EchoService/Count',
      '    server test.v1.EchoService/Count',
      '      internal work',
    ]);
    expect(JSON.stringify(spans)).not.toContain('PRIVATE');
  });

  it('counts every call once on each side, by method and status', async () => {
    const rpc = await startTestRpc(
      'user',
      echoHandlers({
        change: async () => {
          throw new AppError(commonErrors.notFound);
        },
      }),
    );
    const echo = rpc.clientOf(EchoService);
    await echo.say({}, options);
    await expect(echo.change({}, options)).rejects.toThrow();
    await collect(echo.count({ value: '3' }, options));
    const text = await rpc.metrics.registry.metrics();
    for (const side of ['server', 'client']) {
      for (const [method, status] of [
        ['Say', 'OK'],
        ['Change', 'NOT_FOUND'],
        ['Count', 'OK'],
      ] as const) {
        expect(text).toMatch(
          new RegExp(`rpc_${side}_requests_total\\{method="test.v1.EchoService/${method}",status="${status}",.*\\} 1\\n`),
        );
      }
      expect(text).toContain(`rpc_${side}_duration_seconds_count`);
    }
    await rpc.stop();
  });
});
