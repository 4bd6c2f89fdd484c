import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@quotemaster/testkit';
import { startEdge } from './support/edge.ts';
import type { Edge } from './support/edge.ts';

describe('an overloaded gateway', () => {
  let edge: Edge;
  let answer: () => void;
  beforeEach(async () => {
    edge = await startEdge({
      env: {
        QM_MAX_IN_FLIGHT: '10',
        QM_RATE_READ_PER_MINUTE: '10000',
        QM_RATE_GENERATE_PER_MINUTE: '10000',
        QM_RATE_AUTH_PER_MINUTE: '10000',
      },
    });
    const gate = new Promise<void>((resolve) => (answer = resolve));
    // Generations that take as long as the test wants; everything else is quick.
    edge.on('GenerateQuotes', async () => {
      await gate;
      return {};
    });
  });
  afterEach(() => edge.stop());

  const generate = () => edge.request('POST', '/v1/quotes/generate', { body: { prompt: 'x' } });
  const read = () => edge.request('GET', '/v1/quotes');
  const login = () => edge.request('POST', '/v1/auth/login', { token: false, body: { email: 'a@example.org', password: 'x' } });
  const metric = async (name: string): Promise<number> =>
    Number(new RegExp(`^${name}\\{[^}]*\\} (\\d+)`, 'm').exec(await edge.metrics.registry.metrics())?.[1] ?? 0);

  const inFlight = async (calls: number): Promise<unknown> =>
    waitUntil(`${String(calls)} calls in flight`, async () => (await metric('http_requests_in_flight')) === calls, { timeoutMs: 3_000 });

  it('refuses reads first, then generations, and sign-ins last; what was let in is answered, and all is well again after', async () => {
    const held = Array.from({ length: 13 }, generate);
    await inFlight(13);
    expect((await read()).status).toBe(200);
    held.push(generate());
    await inFlight(14);
    const refused = await read();
    expect(refused).toMatchObject({ status: 503, body: { code: 'common.overloaded' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    held.push(...Array.from({ length: 3 }, generate));
    await inFlight(17);
    expect((await generate()).status).toBe(503);
    expect((await login()).status).toBe(200);
    expect(await metric('http_requests_shed_total')).toBeGreaterThan(0);
    expect(await metric('http_admission_floor')).toBeGreaterThan(70);

    answer();
    for (const { status } of await Promise.all(held)) expect(status).toBe(201);
    expect([(await read()).status, (await generate()).status]).toEqual([200, 201]);
  }, 20_000);

  it('holds no more than its bound has room for, whatever comes at once', async () => {
    const held = Array.from({ length: 40 }, generate);
    await inFlight(17);
    await waitUntil('the others are answered', async () => (await metric('http_requests_shed_total')) === 23, { timeoutMs: 3_000 });
    answer();
    const statuses = (await Promise.all(held)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(17);
    expect(statuses.filter((status) => status === 503)).toHaveLength(23);
  }, 20_000);

  it('refuses the least urgent while its event loop is late, and not for long', async () => {
    const late = await startEdge({ env: { QM_MAX_LOOP_DELAY_MS: '20' } });
    try {
      const until = performance.now() + 1_500;
      let seen = 0;
      while (performance.now() < until) {
        const blockedUntil = performance.now() + 80;
        while (performance.now() < blockedUntil);
        const { status } = await late.request('GET', '/v1/quotes');
        if (status === 503) seen += 1;
      }
      expect(seen).toBeGreaterThan(0);
      expect(late.log.text()).toContain('the event loop is late');
      await waitUntil('all is well', async () => (await late.request('GET', '/v1/quotes')).status === 200, { timeoutMs: 5_000 });
      await waitUntil('it says so', () => late.log.text().includes('in time again'), { timeoutMs: 5_000 });
    } finally {
      await late.stop();
    }
  }, 20_000);

  it('leaves health to be asked', async () => {
    const held = Array.from({ length: 40 }, generate);
    await inFlight(17);
    expect((await edge.request('GET', '/livez', { token: false })).status).toBe(200);
    answer();
    await Promise.all(held);
  }, 20_000);
});
