import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@quotemaster/config';
import { hasRedisServer, startTestRedisServer } from '@quotemaster/testkit/redis-faces';
import type { TestRedisServer } from '@quotemaster/testkit/redis-faces';
import { createMemoryLog } from '@quotemaster/testkit/memory-log';
import { waitUntil } from '@quotemaster/testkit/wait-until';
import { Redis } from 'ioredis';
import { createRedis } from '../src/index.ts';
import type { BusEvent, RedisFace, RedisOptions } from '../src/index.ts';
import { createConnection } from '../src/server/connection.ts';
import { createConsumerPruning } from '../src/server/consumer-pruning.ts';

const event = (topic: string, payload: unknown): BusEvent => ({
  id: randomUUID(),
  topic,
  key: 'key',
  payload,
  occurredAt: new Date().toISOString(),
});

// redisFaces, in the other suites, says so in one line when there is none.
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
  /** [entry id, consumer, idle, deliveries] of what the group `workers` has not acknowledged. */
  async function pendingOf(running: TestRedisServer, topic: string): Promise<unknown[]> {
    return await withAdmin(running, (admin) => admin.xpending(`qm:bus:{${topic}}`, 'workers', '-', '+', 100));
  }
  async function withAdmin<T>(running: TestRedisServer, work: (admin: Redis) => Promise<T>): Promise<T> {
    const admin = new Redis(running.port, '127.0.0.1');
    try {
      return await work(admin);
    } finally {
      admin.disconnect();
    }
  }
  afterEach(async () => {
    for (const thing of started.splice(0)) await thing.stop();
  });

  it('and hangs: health tells, and every command fails with common.unavailable within its time-out', async () => {
    const running = await server();
    const redis = await face(running.options({ commandTimeoutMs: 100 }));
    const subscription = redis.bus.subscribe({ topics: ['news'], handler: () => Promise.resolve() });
    await subscription.start();
    started.unshift(subscription);
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
      // The sockets are open and silent: only their silence can tell.
      await waitUntil('health tells', () => !redis.healthy() && !redis.bus.healthy(), { timeoutMs: 10_000 });
    } finally {
      running.signal('SIGCONT');
    }
    await waitUntil('it answers again', async () => {
      await redis.kv.set('a', 'b', 1_000);
      return (await redis.kv.get('a')) === 'b';
    });
    await waitUntil('health tells', () => redis.bus.healthy(), { timeoutMs: 10_000 });
  }, 30_000);

  it('and comes back: health tells, and a group loses nothing that was accepted', async () => {
    const running = await server();
    const redis = await face(running.options({ abandonedMs: 300 }));
    const seen: unknown[] = [];
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const subscription = redis.bus.subscribe({
      topics: ['news'],
      group: 'workers',
      handler: async ({ payload }) => {
        seen.push(payload);
        await gate;
      },
    });
    await subscription.start();
    started.unshift(subscription);

    for (let i = 0; i < 20; i += 1) await redis.bus.publish(event('news', i));
    await waitUntil('the first is at work', () => seen.includes(0));
    await running.kill();
    await waitUntil('health tells', () => !redis.healthy());
    await expect(redis.bus.publish(event('news', 'lost'))).rejects.toMatchObject({ code: 'common.unavailable' });
    open();
    await waitUntil('the reader has noticed', () => !redis.bus.healthy());
    await running.start();
    await waitUntil('health tells', () => redis.healthy() && redis.bus.healthy(), { timeoutMs: 10_000 });
    await redis.bus.publish(event('news', 'after'));
    await waitUntil('the last came', () => seen.includes('after'), { timeoutMs: 10_000 });
    const all = [...Array.from({ length: 20 }, (_, i) => i), 'after'];
    expect(new Set(seen)).toEqual(new Set(all));
    await waitUntil('nothing is left pending', async () => (await pendingOf(running, 'news')).length === 0);
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

  it('has the acknowledgement of a handler that ended while its subscription stopped', async () => {
    const running = await server();
    const redis = await face(running.options());
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    let atWork = false;
    const subscription = redis.bus.subscribe({
      topics: ['work'],
      group: 'workers',
      handler: () => {
        atWork = true;
        return gate;
      },
    });
    await subscription.start();
    await redis.bus.publish(event('work', 1));
    await waitUntil('the handler runs', () => atWork);
    expect(await pendingOf(running, 'work')).toHaveLength(1);
    const stopped = subscription.stop();
    open();
    await stopped;
    expect(await pendingOf(running, 'work')).toHaveLength(0);
  });

  it('keeps what no try could handle in the dead-letter stream, and what its consumers died of too', async () => {
    const running = await server();
    const redis = await face(running.options({ abandonedMs: 300, retryDelayMs: 5 }));
    const seen: unknown[] = [];
    const subscribe = () =>
      redis.bus.subscribe({
        topics: ['work'],
        group: 'workers',
        handler: ({ payload }) => {
          seen.push(payload);
          return payload === 'good' ? Promise.resolve() : Promise.reject(new Error('no'));
        },
      });
    const [first, second] = [subscribe(), subscribe()];
    await first.start();
    await first.stop();
    await redis.bus.publish(event('work', 'deadly'));
    await withAdmin(running, async (admin) => {
      // Five processes in a row took it and were never heard of again.
      await admin.xreadgroup('GROUP', 'workers', 'died', 'COUNT', 1, 'STREAMS', 'qm:bus:{work}', '>');
      const [[id]] = (await admin.xpending('qm:bus:{work}', 'workers', '-', '+', 1)) as [[string]];
      await admin.xclaim('qm:bus:{work}', 'workers', 'died', 0, id, 'IDLE', 60_000, 'RETRYCOUNT', 5, 'JUSTID');
    });
    await redis.bus.publish(event('work', 'poison'));
    await redis.bus.publish(event('work', 'good'));
    await second.start();
    started.unshift(second);
    await waitUntil('the good one came', () => seen.includes('good'));
    expect(seen).toEqual([...Array.from({ length: 5 }, () => 'poison'), 'good']);
    const dead = await withAdmin(running, (admin) => admin.xrange('qm:bus:dead:{work}', '-', '+'));
    expect(dead.map(([, fields]) => (JSON.parse(fields[1]!) as BusEvent).payload)).toEqual(['deadly', 'poison']);
    await waitUntil('nothing is left pending', async () => (await pendingOf(running, 'work')).length === 0);
  });

  it('holds entries that are no events: both kinds of subscriber report and skip them', async () => {
    const running = await server();
    const log = createMemoryLog();
    const redis = await face(running.options({ logger: log.logger }));
    const seen: unknown[] = [];
    for (const group of ['workers', undefined]) {
      const subscription = redis.bus.subscribe({
        topics: ['work'],
        handler: ({ payload }) => Promise.resolve(void seen.push(payload)),
        ...(group === undefined ? {} : { group }),
      });
      await subscription.start();
      started.unshift(subscription);
    }
    await withAdmin(running, async (admin) => {
      for (const text of ['null', '5', '{', '{"id":1}', '{"id":"1","topic":"work","key":"k","occurredAt":"now","traceparent":7}']) {
        await admin.xadd('qm:bus:{work}', '*', 'event', text);
      }
      await admin.xadd('qm:bus:{work}', '*', 'other', 'field');
    });
    await redis.bus.publish(event('work', 'good'));
    await waitUntil('the event came twice', () => seen.length === 2);
    expect(seen).toEqual(['good', 'good']);
    expect(log.lines.filter(({ msg }) => String(msg).includes('no event'))).toHaveLength(12);
    await waitUntil('nothing is left pending', async () => (await pendingOf(running, 'work')).length === 0);
  });

  it('that was replaced by an empty one: a broadcast goes on with what is published there', async () => {
    const running = await server();
    const redis = await face(running.options());
    const seen: unknown[] = [];
    const subscription = redis.bus.subscribe({ topics: ['news'], handler: ({ payload }) => Promise.resolve(void seen.push(payload)) });
    await subscription.start();
    started.unshift(subscription);
    await withAdmin(running, async (admin) => {
      // As if the clock of the server before had been an hour ahead.
      await admin.xadd('qm:bus:{news}', `${String(Date.now() + 3_600_000)}-0`, 'event', JSON.stringify(event('news', 'ahead')));
      await waitUntil('it came', () => seen.includes('ahead'));
      await admin.flushall();
    });
    await running.kill();
    await waitUntil('health tells', () => !redis.bus.healthy());
    await running.start();
    await waitUntil('health tells', () => redis.healthy() && redis.bus.healthy(), { timeoutMs: 10_000 });
    await redis.bus.publish(event('news', 'new'));
    await waitUntil('it came', () => seen.includes('new'));
  }, 30_000);

  it('forgets consumers that are gone, and none that holds an event', async () => {
    const running = await server();
    const options = running.options();
    const connection = createConnection(options, options);
    await connection.client.connect();
    started.unshift({ stop: async () => connection.client.disconnect() });
    await connection.client.xgroup('CREATE', 'stream', 'workers', '$', 'MKSTREAM');
    await connection.client.xgroup('CREATECONSUMER', 'stream', 'workers', 'gone');
    await connection.client.xadd('stream', '*', 'event', '{}');
    await connection.client.xreadgroup('GROUP', 'workers', 'holder', 'COUNT', 1, 'STREAMS', 'stream', '>');
    const names = async () =>
      ((await connection.client.xinfo('CONSUMERS', 'stream', 'workers')) as string[][]).map(([, name]) => name).sort();
    await createConsumerPruning(connection)('stream', 'workers');
    expect(await names()).toEqual(['gone', 'holder']);
    await createConsumerPruning(connection, -1)('stream', 'workers');
    expect(await names()).toEqual(['holder']);
  });

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
    const handled: unknown[] = [];
    const grouped = redis.bus.subscribe({
      topics: ['one', 'two'],
      group: 'workers',
      handler: ({ payload }) => Promise.resolve(void handled.push(payload)),
    });
    await grouped.start();
    started.unshift(grouped);
    await redis.bus.publish(event('one', 1));
    await redis.bus.publish(event('two', 2));
    await waitUntil('both came, to both', () => seen.length === 2 && handled.length === 2, { timeoutMs: 10_000 });
    await running.kill();
    await waitUntil('health tells', () => !redis.healthy() && !redis.bus.healthy());
    await running.start();
    await waitUntil('health tells', () => redis.healthy() && redis.bus.healthy(), { timeoutMs: 20_000 });
    await redis.bus.publish(event('one', 3));
    await waitUntil('the next came, to both', () => seen.includes(3) && handled.includes(3), { timeoutMs: 10_000 });
  }, 60_000);

  it('asks for a password: the right one opens', async () => {
    const running = await server(['--requirepass', 'open-sesame']);
    const redis = await face(running.options({ password: new Secret('open-sesame') }));
    await redis.kv.set('a', 'b', 1_000);
    expect(await redis.kv.get('a')).toBe('b');
  });
});
