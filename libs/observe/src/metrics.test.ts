import { describe, expect, it } from '@jest/globals';

import { renderMetrics } from './exposition.ts';
import { createMetrics } from './metrics.ts';

describe('createMetrics', () => {
  it('gives one metric for one name, in a registry of its own', () => {
    const metrics = createMetrics({ service: 'quote' });
    expect(metrics.counter('quotes_total', 'Quotes.', ['source'])).toBe(metrics.counter('quotes_total', 'Quotes.', ['source']));
    expect(createMetrics({ service: 'user' }).names()).toEqual([]);
  });

  it('refuses one name for two kinds', () => {
    const metrics = createMetrics({ service: 'quote' });
    metrics.counter('quotes_total', 'Quotes.');
    expect(() => metrics.gauge('quotes_total', 'Quotes.')).toThrow('the metric quotes_total exists and is no Gauge');
  });

  it('lists its names in order, for a golden file', () => {
    const metrics = createMetrics({ service: 'quote' });
    metrics.histogram('rpc_seconds', 'Durations.');
    metrics.gauge('pool_in_use', 'Connections.');
    expect(metrics.names()).toEqual(['pool_in_use', 'rpc_seconds']);
  });

  it('reads a gauge when it is asked for', async () => {
    const metrics = createMetrics({ service: 'quote' });
    let inUse = 1;
    metrics.gauge('pool_in_use', 'Connections.', [], (gauge) => {
      gauge.set(inUse);
    });
    inUse = 7;
    expect(await renderMetrics([metrics.registry])).toContain('pool_in_use{qm_service="quote"} 7\n');
  });
});

describe('renderMetrics', () => {
  it('puts the samples of all contexts under one head, once each', async () => {
    const [quote, user] = [createMetrics({ service: 'quote' }), createMetrics({ service: 'user' })];
    for (const metrics of [quote, user]) metrics.counter('rpc_total', 'Calls.', ['method']).inc({ method: 'Get' });
    const page = await renderMetrics([quote.registry, user.registry, quote.registry]);
    expect(page.match(/# TYPE rpc_total counter/g)).toHaveLength(1);
    expect(page).toContain(
      '# HELP rpc_total Calls.\n# TYPE rpc_total counter\nrpc_total{method="Get",qm_service="quote"} 1\nrpc_total{method="Get",qm_service="user"} 1\n',
    );
    expect(page.match(/rpc_total\{/g)).toHaveLength(2);
  });

  it('holds the metrics of the process once', async () => {
    await renderMetrics([]);
    const page = await renderMetrics([]);
    expect(page.match(/^process_cpu_seconds_total /gm)).toHaveLength(1);
    expect(page).toContain('nodejs_eventloop_lag_p99_seconds');
  });
});
