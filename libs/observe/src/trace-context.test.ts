import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, commonErrors } from '@quotemaster/errors';
import { createMemoryLog } from '@quotemaster/testkit/memory-log';
import { createTestTracing } from '@quotemaster/testkit/test-tracing';

import { activeTraceparent, runWithTraceparent, withSpan } from './trace-context.ts';

const tracing = createTestTracing();

beforeEach(() => {
  tracing.reset();
});
afterAll(() => tracing.stop());

describe('withSpan', () => {
  it('gives the value, and links a span to the one around it across awaits', async () => {
    const value = await withSpan('outer', { 'quote.count': 2 }, async () => {
      await Promise.resolve();
      return withSpan('inner', {}, () => 42);
    });
    expect(value).toBe(42);
    const [inner, outer] = tracing.spans();
    expect(outer).toMatchObject({ name: 'outer', parentSpanId: undefined, status: 'unset', attributes: { 'quote.count': 2 } });
    expect(inner).toMatchObject({ name: 'inner', traceId: outer!.traceId, parentSpanId: outer!.spanId });
    expect(tracing.tree(outer!.traceId)).toBe('internal outer\n  internal inner');
  });

  it('marks a failed span with the code of its AppError and keeps every text out', async () => {
    const failure = new AppError(commonErrors.unavailable, { reason: 'password hunter2 refused', detail: 'a public sentence' });
    await expect(withSpan('failing', {}, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(tracing.spans()).toEqual([
      expect.objectContaining({ status: 'error', statusMessage: 'common.unavailable', attributes: { 'error.type': 'common.unavailable' } }),
    ]);
    expect(JSON.stringify(tracing.spans())).not.toMatch(/hunter2|sentence/);
  });

  it('marks other failures with their class', async () => {
    await expect(
      withSpan('failing', {}, () => {
        throw new RangeError('private');
      }),
    ).rejects.toThrow(RangeError);
    expect(tracing.spans()[0]).toMatchObject({ status: 'error', statusMessage: 'RangeError' });
  });
});

describe('a traceparent', () => {
  it('is absent outside any span', () => {
    expect(activeTraceparent()).toBeUndefined();
  });

  it('carries a trace through a row to the consumer that runs later', async () => {
    const traceparent = await withSpan('request', {}, () => activeTraceparent());
    expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    await runWithTraceparent(traceparent, 'outbox quote.created', () => undefined);
    const [request, consumer] = tracing.spans();
    expect(consumer).toMatchObject({ kind: 'consumer', traceId: request!.traceId, parentSpanId: request!.spanId });
  });

  it.each([undefined, '', 'nonsense', '00-00000000000000000000000000000000-0000000000000000-01'])(
    'that is %p begins a trace of its own, even inside another span',
    async (traceparent) => {
      await withSpan('relay', {}, () => runWithTraceparent(traceparent, 'event', () => undefined));
      const [event, relay] = tracing.spans();
      expect(event!.parentSpanId).toBeUndefined();
      expect(event!.traceId).not.toBe(relay!.traceId);
    },
  );
});

describe('log lines', () => {
  it('bear the ids of the active span, and none outside', async () => {
    const log = createMemoryLog();
    await withSpan('request', {}, () => log.logger.info({}, 'inside'));
    log.logger.info({}, 'outside');
    const [span] = tracing.spans();
    expect(log.lines[0]).toMatchObject({ msg: 'inside', trace_id: span!.traceId, span_id: span!.spanId });
    expect(log.lines[1]).not.toHaveProperty('trace_id');
  });
});
