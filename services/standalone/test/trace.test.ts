import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestTracing, waitUntil } from '@quotemaster/testkit';
import type { TestTracing } from '@quotemaster/testkit';
import { startStandalone } from '../src/index.ts';
import type { Standalone } from '../src/index.ts';
import { register } from './api.ts';

describe('one trace', () => {
  let tracing: TestTracing;
  let dataDir: string;
  let system: Standalone;

  beforeAll(async () => {
    tracing = createTestTracing();
    dataDir = await mkdtemp(join(tmpdir(), 'qm-trace-'));
    system = await startStandalone({ QM_DATA_DIR: dataDir, QM_HTTP_PORT: '0', QM_ADMIN_PORT: '0' }, () => undefined);
  }, 60_000);
  afterAll(async () => {
    await system.stop();
    await tracing.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('follows a generate call from the caller through every service, the transaction and the outbox', async () => {
    const ada = await register(system.url, 'ada@example.org');
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const { status } = await ada.call(
      'POST',
      '/v1/quotes/generate',
      { prompt: 'a lantern' },
      { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    );
    expect(status).toBe(201);

    // The relay publishes after the answer, still in the trace of the call that made the event.
    await waitUntil('the event is published', () => tracing.spans(traceId).some((span) => span.name === 'publish quote.generated'));
    const spans = tracing.spans(traceId);
    const lines = tracing
      .tree(traceId)
      .split('\n')
      .map((line) => line.trim());
    expect(lines).toEqual(
      expect.arrayContaining([
        'server POST /v1/quotes/generate',
        'client quotemaster.quote.v1.QuoteService/GenerateQuotes',
        'server quotemaster.quote.v1.QuoteService/GenerateQuotes',
        'internal quote.generate',
        'client quotemaster.ai.v1.AiService/Complete',
        'server quotemaster.ai.v1.AiService/Complete',
        'internal quote.analyse',
        'internal quote.store',
        'internal postgres.transaction',
        'consumer publish quote.generated',
      ]),
    );

    // Every span but the first hangs below another of the same trace: the thread never breaks.
    const ids = new Set(spans.map((span) => span.spanId));
    const loose = spans.filter((span) => span.parentSpanId === undefined || !ids.has(span.parentSpanId));
    expect(loose.map((span) => [span.name, span.parentSpanId])).toEqual([['POST /v1/quotes/generate', 'b7ad6b7169203331']]);
    expect(spans.every((span) => span.status !== 'error')).toBe(true);
    // What was thought stays out of it.
    expect(JSON.stringify(spans)).not.toContain('lantern');
  });
});
