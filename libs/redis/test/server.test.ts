import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@quotemaster/config';
import { hasRedisServer, startTestRedisServer } from '@quotemaster/testkit/redis-faces';
import type { TestRedisServer } from '@quotemaster/testkit/redis-faces';
import { waitUntil } from '@quotemaster/testkit/wait-until';
import { Redis } from 'ioredis';
import { createRedis } from '../src/index.ts';
import type { BusEvent, RedisFace, RedisOptions } from '../src/index.ts';

const event = (topic: string, payload: unknown): BusEvent => ({
  id: randomUUID(),
  topic,
  key: 'key',
  payload,
  occurredAt: new Date().toISOString(),
});

// redisKinds of the other suites says so in one line when there is none.
(hasRedisServer() ? describe : describe.skip)('a Redis server that fails', () => {
  const started: { stop(): Promise<void> }[] = [];

  async function server(extra?: readonly string[]): Promise<TestRedisServer> {
    const running = await startTestRedisServer(extra);
    started.unshift(running);
    return running;
  }
  async function face(options: RedisOptions): Promise<RedisFace> {
    const redis = createRedis(options);
    await redis.start();
    started.unshift(redis);
    return redis;
  }
  afterEach(async () => {
    for (const thing of started.splice(0)) await thing.stop();
  });

  it('and hangs: every command fails with common.unavailable within its time-out', async () => {
    const running = await server();
    const redis = await face(running.options({ commandTimeoutMs: 100 }));
    running.signal('SIGSTOP');
    try {
      const startedAt = performance.now();
      const policy = { name: 'test', limit: 1, windowMs: 1_000 };
      const results = await Promise.allSettled([
        redis.kv.get('a'),
        redis.limiter.take({ policy, key: 'a', cost: 1 }),
        redis.lease.acquire('a', 1_000),
        redis.bus.publish(event('a', 1)),
      ]);
      for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: { code: 'common.unavailable' } });
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    } finally {
      running.signal('SIGCONT');
    }
    await waitUntil('it answers again', async () => {
      await redis.kv.set('a', 'b', 1_000);
      return (await redis.kv.get('a')) === 'b';
    });
  });

  it('and comes back: health tells, and a group loses nothing that was accepted', async () => {
    const running = await server();
    const redis = await face(running.options({ abandonedMs: 300 }));
    const seen = new Set<unknown>();
    const subscription = redis.bus.subscribe({
      topics: ['news'],
      group: 'workers',
      handler: ({ payload }) => Promise.resolve(void seen.add(payload)),
    });
    await subscription.start();
    started.unshift(subscription);

    await redis.bus.publish(event('news', 'before'));
    await waitUntil('the first came', () => seen.has('before'));
    await running.kill();
    await waitUntil('health tells', () => !redis.healthy() && !redis.bus.healthy());
    await expect(redis.bus.publish(event('news', 'lost'))).rejects.toMatchObject({ code: 'common.unavailable' });
    await running.start();
    await waitUntil('health tells', () => redis.healthy() && redis.bus.healthy(), { timeoutMs: 10_000 });
    await redis.bus.publish(event('news', 'after'));
    await waitUntil('the next came', () => seen.has('after'), { timeoutMs: 10_000 });
    expect(seen.has('lost')).toBe(false);
  }, 30_000);

  it('and is away at the start: the process starts, and all works once it is there', async () => {
    const running = await server();
    await running.kill();
    const redis = await face(running.options());
    const seen: unknown[] = [];
    const subscription = redis.bus.subscribe({ topics: ['news'], handler: ({ payload }) => Promise.resolve(void seen.push(payload)) });
    await subscription.start();
    started.unshift(subscription);
    expect(redis.healthy()).toBe(false);
    await running.start();
    await waitUntil('health tells', () => redis.healthy() && redis.bus.healthy(), { timeoutMs: 10_000 });
    await redis.bus.publish(event('news', 'hello'));
    await waitUntil('it came', () => seen.includes('hello'));
  }, 30_000);

  it('takes over what a consumer left behind that died at work', async () => {
    const running = await server();
    const [first, second] = [await face(running.options({ abandonedMs: 300 })), await face(running.options({ abandonedMs: 300 }))];
    let release: () => void = () => undefined;
    const hanging = new Promise<void>((resolve) => {
      release = resolve;
    });
    let taken = false;
    const dying = first.bus.subscribe({
      topics: ['work'],
      group: 'workers',
      handler: () => {
        taken = true;
        return hanging;
      },
    });
    await dying.start();
    started.unshift(dying);
    await first.bus.publish(event('work', 'unfinished'));
    await waitUntil('it was taken', () => taken);
    const seen: unknown[] = [];
    const heir = second.bus.subscribe({
      topics: ['work'],
      group: 'workers',
      handler: ({ payload }) => Promise.resolve(void seen.push(payload)),
    });
    await heir.start();
    started.unshift(heir);
    await waitUntil('the heir has it', () => seen.includes('unfinished'), { timeoutMs: 10_000 });
    release();
  }, 30_000);

  it('is a cluster: every capability keeps to one slot a call', async () => {
    const running = await server(['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1']);
    const admin = new Redis(running.port, '127.0.0.1');
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await waitUntil('the cluster is whole', async () => String(await admin.call('CLUSTER', 'INFO')).includes('cluster_state:ok'), {
      timeoutMs: 15_000,
    });
    admin.disconnect();
    const redis = await face({ ...running.options(), url: undefined, clusterNodes: [{ host: '127.0.0.1', port: running.port }] });
    await waitUntil('the client knows the cluster', () => redis.healthy());
    await redis.kv.set('a', 'b', 1_000);
    expect(await redis.kv.get('a')).toBe('b');
    expect(await redis.limiter.take({ policy: { name: 'test', limit: 1, windowMs: 60_000 }, key: 'a', cost: 1 })).toMatchObject({
      allowed: true,
      remaining: 0,
    });
    const lease = await redis.lease.acquire('a', 5_000);
    expect(await lease?.renew()).toBe(true);
    const seen: unknown[] = [];
    const subscription = redis.bus.subscribe({
      topics: ['one', 'two'],
      handler: ({ payload }) => Promise.resolve(void seen.push(payload)),
    });
    await subscription.start();
    started.unshift(subscription);
    await redis.bus.publish(event('one', 1));
    await redis.bus.publish(event('two', 2));
    await waitUntil('both came', () => seen.length === 2, { timeoutMs: 10_000 });
  }, 40_000);

  it('asks for a password: the right one opens', async () => {
    const running = await server(['--requirepass', 'open-sesame']);
    const redis = await face(running.options({ password: new Secret('open-sesame') }));
    await redis.kv.set('a', 'b', 1_000);
    expect(await redis.kv.get('a')).toBe('b');
  });
});
