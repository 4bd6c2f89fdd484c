import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ConfigError } from '@quotemaster/config';
import { createMemoryLog } from '@quotemaster/testkit/memory-log';

import { createAdminServer } from './admin-server.ts';
import type { AdminServer, AdminServerOptions } from './admin-server.ts';
import { createMetrics } from './metrics.ts';

const started: AdminServer[] = [];

async function start(options: Partial<AdminServerOptions> = {}): Promise<AdminServer> {
  const server = createAdminServer({ port: 0, registries: [], isReady: () => true, logger: createMemoryLog().logger, ...options });
  await server.start();
  started.push(server);
  return server;
}

async function get(server: AdminServer, path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

describe('/livez', () => {
  it('answers 200 though nothing is ready', async () => {
    const server = await start({ isReady: () => false, checks: [{ name: 'postgres', check: () => false }] });
    expect(await get(server, '/livez')).toMatchObject({ status: 200, text: '{"status":"ok"}\n' });
  });
});

describe('/readyz', () => {
  it('answers 200 when all dependencies are there', async () => {
    const server = await start({
      checks: [
        { name: 'postgres', check: () => Promise.resolve() },
        { name: 'redis', check: () => true },
      ],
    });
    expect(await get(server, '/readyz?verbose')).toMatchObject({ status: 200, text: '{"status":"ready"}\n' });
  });

  it('answers 503 with the names of what fails or takes too long', async () => {
    const checks = [
      { name: 'postgres', check: () => Promise.reject(new Error('no route')) },
      { name: 'redis', check: () => false },
      { name: 'blobs', check: () => new Promise(() => undefined), timeoutMs: 20 },
      {
        name: 'mail',
        check: () => {
          throw new Error('at once');
        },
      },
      { name: 'keys', check: () => true },
    ];
    const answer = await get(await start({ checks }), '/readyz');
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.text)).toEqual({ status: 'not_ready', missing: ['postgres', 'redis', 'blobs', 'mail'] });
  });

  it('asks no dependency before the start has ended', async () => {
    let asked = 0;
    const server = await start({ isReady: () => false, checks: [{ name: 'postgres', check: () => ++asked > 0 }] });
    expect(await get(server, '/readyz')).toMatchObject({ status: 503, text: '{"status":"not_ready","missing":["starting"]}\n' });
    expect(asked).toBe(0);
  });

  it('does not pile checks up on a dependency that hangs', async () => {
    let asked = 0;
    const check = (): Promise<never> => {
      asked += 1;
      return new Promise(() => undefined);
    };
    const server = await start({ checks: [{ name: 'postgres', check, timeoutMs: 5 }] });
    for (let probe = 0; probe < 5; probe += 1) expect((await get(server, '/readyz')).status).toBe(503);
    expect(asked).toBe(1);
  });
});

describe('/metrics', () => {
  it('renders every registry in the text format', async () => {
    const metrics = createMetrics({ service: 'quote' });
    metrics.counter('quotes_total', 'Quotes.').inc(3);
    const answer = await get(await start({ registries: [metrics.registry] }), '/metrics');
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.text).toContain('quotes_total{qm_service="quote"} 3\n');
  });

  it('answers 500 and logs why when a collector fails', async () => {
    const log = createMemoryLog();
    const metrics = createMetrics({ service: 'quote' });
    metrics.gauge('broken', 'Breaks.', [], () => {
      throw new Error('no pool');
    });
    const server = await start({ registries: [metrics.registry], logger: log.logger });
    expect((await get(server, '/metrics')).status).toBe(500);
    expect(log.text()).toContain('no pool');
    expect((await get(server, '/livez')).status).toBe(200);
  });
});

describe('the admin server', () => {
  it('knows no other path and no other method', async () => {
    const server = await start();
    for (const path of ['/', '/livez/', '/constructor', '/__proto__', '/metrics/x']) expect((await get(server, path)).status).toBe(404);
    const posted = await get(server, '/livez', { method: 'POST', body: 'x' });
    expect(posted.status).toBe(405);
    expect(posted.headers.get('allow')).toBe('GET');
  });

  it('tells a port in use as a fault of QM_ADMIN_PORT with exit code 78', async () => {
    const { port } = await start();
    const failure: unknown = await start({ port }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    expect(failure).toMatchObject({
      exitCode: 78,
      message: `QM_ADMIN_PORT: expected a free port, found port ${port}, which another program uses`,
    });
  });

  it('stops though a connection is open', async () => {
    const server = await start();
    const socket = connect(server.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await server.stop();
    await closed;
  });
});
