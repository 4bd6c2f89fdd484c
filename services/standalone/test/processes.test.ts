import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@quotemaster/testkit';
import { hasRedisServer, startTestRedisServer } from '@quotemaster/testkit/redis-faces';
import type { TestRedisServer } from '@quotemaster/testkit/redis-faces';
import { startServiceProcesses } from '@quotemaster/testkit/service-processes';
import type { ServiceName, ServiceProcesses } from '@quotemaster/testkit/service-processes';
import { startTestPostgres } from '@quotemaster/testkit/test-postgres';
import type { TestPostgres } from '@quotemaster/testkit/test-postgres';
import { call, login, password, register } from './api.ts';
import type { Api } from './api.ts';
import { journeySteps } from './journey-steps.ts';

const canRun = hasRedisServer();
if (!canRun) process.stderr.write('skipped: each service as a process, as there is no redis-server on PATH\n');

/** A service that is back is found again, by DNS and by new connections, within this time. */
const recovered = { timeoutMs: 15_000, intervalMs: 100 };

(canRun ? describe : describe.skip)('each service as a process of its own', () => {
  let postgres: TestPostgres;
  let redis: TestRedisServer;
  let system: ServiceProcesses;
  let ada: Api;

  beforeAll(async () => {
    redis = await startTestRedisServer();
    postgres = await startTestPostgres();
    system = await startServiceProcesses({
      database: await postgres.createDatabase(),
      redisUrl: `redis://127.0.0.1:${String(redis.port)}`,
      env: { QM_RATE_AUTH_PER_MINUTE: '1000' },
    });
    ada = await register(system.url, 'ada@example.org');
  }, 120_000);
  afterAll(async () => {
    await system.stop();
    await postgres.stop();
    await redis.stop();
  }, 60_000);

  journeySteps(
    () => system.url,
    () => ada,
  );

  const generate = (headers: Record<string, string> = {}) =>
    ada.call('POST', '/v1/quotes/generate', { prompt: 'a door left open' }, headers);
  const me = () => ada.call('GET', '/v1/users/me');
  const list = () => ada.call('GET', '/v1/quotes');

  /** The answer that a caller gets while something is away: at once, clear, and with a time to come back. */
  async function expectAway(answer: ReturnType<Api['call']>): Promise<void> {
    const startedAt = performance.now();
    const { status, body, headers } = await answer;
    expect({ status, body }).toMatchObject({ status: 503, body: { status: 503, code: expect.stringMatching(/^(common|ai)\./) } });
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    // The shortest deadline of the contract that is asked here is 5 s, and none of it has to be waited for.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  }

  async function whileDead(name: ServiceName, work: () => Promise<void>): Promise<void> {
    await system.end(name, 'SIGKILL');
    try {
      await work();
    } finally {
      await system.start(name);
    }
  }

  it('without quote answers 503 to what is about quotes, serves the rest, and loses nothing that was answered', async () => {
    const key = { 'idempotency-key': 'kept-across-a-kill' };
    const before = await generate(key);
    expect(before.status).toBe(201);
    await whileDead('quote', async () => {
      await expectAway(generate());
      await expectAway(list());
      expect((await me()).status).toBe(200);
    });
    const again = await waitUntil(
      'quote is found again',
      async () => ((await list()).status === 200 ? generate(key) : undefined),
      recovered,
    );
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(before.body);
    const { id } = before.body.quotes[0];
    expect((await ada.call('GET', `/v1/quotes/${id}`)).body.id).toBe(id);
  }, 60_000);

  it('without ai-orchestrator answers 503 to a generation, and serves what is there', async () => {
    await whileDead('ai-orchestrator', async () => {
      await expectAway(generate());
      expect((await list()).status).toBe(200);
    });
    await waitUntil('ai-orchestrator is found again', async () => (await generate()).status === 201, recovered);
  }, 60_000);

  it('without user answers 503 to sign-ins, serves who is known, and knows everyone again after', async () => {
    expect((await list()).status).toBe(200);
    await whileDead('user', async () => {
      await expectAway(call(system.url, 'POST', '/v1/auth/login', { email: ada.email, password: 'a long walk by the sea' }));
      await expectAway(me());
      expect((await generate()).status).toBe(201);
    });
    const session = await waitUntil('user is found again', () => login(system.url, ada.email), recovered);
    expect((await session.call('GET', '/v1/users/me')).body.email).toBe(ada.email);
  }, 60_000);

  it('without the gateway answers nothing, and takes the same tokens when it is back', async () => {
    await whileDead('gateway', async () => {
      await expect(me()).rejects.toThrow();
    });
    expect((await me()).status).toBe(200);
    expect((await generate()).status).toBe(201);
  }, 60_000);

  it('without Redis refuses what is costly, serves reads, and recovers by itself', async () => {
    await redis.kill();
    try {
      await expectAway(generate());
      expect((await list()).status).toBe(200);
    } finally {
      await redis.start();
    }
    await waitUntil('Redis is used again', async () => (await generate()).status === 201, recovered);
  }, 60_000);

  it('finishes a deletion that was asked for while a service was away, whoever is killed meanwhile', async () => {
    const bob = await register(system.url, 'bob@example.org');
    expect((await bob.call('POST', '/v1/quotes', { text: 'Not for long.' })).status).toBe(201);
    await system.end('quote', 'SIGKILL');
    const { status, body } = await bob.call('DELETE', '/v1/users/me');
    expect(status).toBe(202);
    const receipt = async () =>
      (await call(system.url, 'GET', `/v1/privacy/receipts/${body.receiptId}`, undefined, { 'x-receipt-token': body.receiptToken })).body;
    expect(await receipt()).toMatchObject({ status: 'pending' });
    await system.end('user', 'SIGKILL');
    await system.start('user');
    await system.start('quote');
    const done = await waitUntil(
      'the end of it',
      async () => {
        const state = await receipt();
        return state.status === 'done' ? state : undefined;
      },
      // What a crash cut short is taken up again after 90 s; what had failed before it, sooner.
      { timeoutMs: 110_000, intervalMs: 500 },
    );
    expect(done.services).toEqual([
      expect.objectContaining({ service: 'ai-orchestrator', status: 'done' }),
      expect.objectContaining({ service: 'quote', status: 'done' }),
      expect.objectContaining({ service: 'user', status: 'done' }),
    ]);
    expect((await call(system.url, 'POST', '/v1/auth/login', { email: bob.email, password })).status).toBe(401);
  }, 150_000);

  it('ends each of them with 0 when it is told to', async () => {
    for (const name of system.names.toReversed()) {
      await system.end(name, 'SIGTERM');
      expect([name, system.exitCode(name)]).toEqual([name, 0]);
    }
    for (const name of system.names) await system.start(name);
    await waitUntil('everything is found again', async () => (await generate()).status === 201, recovered);
  }, 90_000);
});
