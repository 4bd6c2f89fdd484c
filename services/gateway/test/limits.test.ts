import { createRedisTwin } from '@quotemaster/redis';
import { createFakeClock } from '@quotemaster/testkit/fake-clock';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@quotemaster/lifecycle';
import { createMetrics } from '@quotemaster/observe';
import { createRedis } from '@quotemaster/redis';
import type { RedisFace } from '@quotemaster/redis';
import { createMemoryLog, waitUntil } from '@quotemaster/testkit';
import { hasRedisServer, redisFaces, startTestRedisServer } from '@quotemaster/testkit/redis-faces';
import type { TestRedisServer } from '@quotemaster/testkit/redis-faces';
import { startEdge } from './support/edge.ts';
import type { Edge } from './support/edge.ts';

const limit = 200;

describe.each(redisFaces())('three gateways on one $name', (kind) => {
  let redis: RedisFace;
  let edges: Edge[];
  beforeAll(async () => {
    redis = await kind.create(systemClock);
    edges = [];
    for (let i = 0; i < 3; i += 1) edges.push(await startEdge({ redis, env: { QM_RATE_READ_PER_MINUTE: String(limit) } }));
  });
  afterAll(async () => {
    for (const edge of edges) await edge.stop();
    await kind.stop();
  });

  it('admit together what one would: the sum is within 5 % of the limit', async () => {
    const calls = Array.from({ length: 2 * limit }, (_, index) => edges[index % edges.length]!);
    let admitted = 0;
    let refused = 0;
    // Twenty at a time, from all sides.
    const next = calls[Symbol.iterator]();
    const work = async (): Promise<void> => {
      for (const edge of next) {
        const { status } = await edge.request('GET', '/v1/quotes');
        if (status === 200) admitted += 1;
        if (status === 429) refused += 1;
      }
    };
    await Promise.all(Array.from({ length: 20 }, work));
    expect(admitted + refused).toBe(2 * limit);
    expect(Math.abs(admitted - limit)).toBeLessThanOrEqual(0.05 * limit);
  });
});

if (!hasRedisServer()) process.stderr.write('skipped: limits while Redis hangs, as there is no redis-server on PATH\n');
(hasRedisServer() ? describe : describe.skip)('while Redis hangs', () => {
  let server: TestRedisServer;
  let redis: RedisFace;
  let edge: Edge;
  beforeAll(async () => {
    server = await startTestRedisServer();
    redis = createRedis({ ...server.options(), logger: createMemoryLog().logger, metrics: createMetrics({ service: 'test' }) });
    await redis.start();
    edge = await startEdge({ redis, env: { QM_RATE_READ_PER_MINUTE: '10' } });
    // The connection is made and the script is known.
    await waitUntil('Redis', async () => (await edge.request('POST', '/v1/auth/login', login)).status === 200);
  });
  afterAll(async () => {
    await edge.stop();
    await redis.stop();
    await server.stop();
  });
  const login = { token: false, body: { email: 'a@example.org', password: 'x' } } as const;
  const count = async (labels: string): Promise<number> =>
    Number(new RegExp(`^rate_limit_decisions_total\\{${labels}[^}]*\\} (\\d+)`, 'm').exec(await edge.metrics.registry.metrics())?.[1] ?? 0);

  it('refuses what is costly at once, with a time to come back, and lets the rest go by limits of its own', async () => {
    server.signal('SIGSTOP');
    try {
      const startedAt = performance.now();
      const refused = await edge.request('POST', '/v1/auth/login', login);
      expect(refused).toMatchObject({ status: 503, body: { code: 'common.overloaded' } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(performance.now() - startedAt).toBeLessThan(1_000);
      const statuses: number[] = [];
      for (let i = 0; i < 14; i += 1) statuses.push((await edge.request('GET', '/v1/quotes')).status);
      expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), ...Array.from({ length: 4 }, () => 429)]);
      expect(await count('class="auth",decision="failed_closed"')).toBe(1);
      expect(await count('class="read",decision="allowed_locally"')).toBe(10);
      expect(await count('class="read",decision="refused_locally"')).toBe(4);
      expect(edge.log.lines.filter(({ msg }) => String(msg).startsWith('the rate limiter is slow'))).toHaveLength(1);
    } finally {
      server.signal('SIGCONT');
    }
    await waitUntil('Redis is used again', async () => (await edge.request('POST', '/v1/auth/login', login)).status === 200, {
      timeoutMs: 10_000,
    });
    expect(edge.log.text()).toContain('the rate limiter is back');
  }, 30_000);
});

describe('a caller who goes on and on', () => {
  it('is refused for a second without a question to Redis, and let in when it is time', async () => {
    const clock = createFakeClock();
    const twin = createRedisTwin({ clock });
    let questions = 0;
    const limiter = {
      take: (request: Parameters<typeof twin.limiter.take>[0]) => {
        questions += 1;
        return twin.limiter.take(request);
      },
    };
    // Token and clock must agree on the day.
    clock.set(Date.now());
    const edge = await startEdge({ redis: { ...twin, limiter }, clock, env: { QM_RATE_READ_PER_MINUTE: '2' } });
    try {
      const read = () => edge.request('GET', '/v1/quotes');
      expect([(await read()).status, (await read()).status]).toEqual([200, 200]);
      const first = await read();
      for (let times = 0; times < 20; times += 1) {
        const again = await read();
        expect([again.status, again.headers.get('ratelimit')]).toEqual([429, first.headers.get('ratelimit')]);
      }
      expect(questions).toBe(3);
      clock.advance(1_000);
      expect((await read()).status).toBe(429);
      expect(questions).toBe(4);
      clock.advance(120_000);
      expect((await read()).status).toBe(200);
    } finally {
      await edge.stop();
    }
  });
});
