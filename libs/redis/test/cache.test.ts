import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@quotemaster/lifecycle';
import { createMetrics } from '@quotemaster/observe';
import { redisFaces } from '@quotemaster/testkit/redis-faces';
import { waitUntil } from '@quotemaster/testkit/wait-until';
import { createCache } from '../src/index.ts';
import type { Cache, KeyValueStore } from '../src/index.ts';

const textual = { encode: (value: string) => value, decode: (text: string) => text };

describe.each(redisFaces())('a cache on the $name', (kind) => {
  let kv: KeyValueStore;
  let caches = 0;
  const newCache = (options: { ttlMs?: number; valueCharsMax?: number } = {}): Cache<string> =>
    createCache(kv, { name: `test-${String((caches += 1))}`, ttlMs: 60_000, ...textual, ...options });

  beforeAll(async () => {
    kv = (await kind.create(systemClock)).kv;
  });
  afterAll(() => kind.stop());

  it('loads once for a hundred who ask at once, and not at all for those who ask later', async () => {
    const cache = newCache();
    let loads = 0;
    const load = async (): Promise<string> => {
      loads += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      return 'value';
    };
    const values = await Promise.all(Array.from({ length: 100 }, () => cache.getOrLoad('key', load)));
    expect(new Set(values)).toEqual(new Set(['value']));
    expect(await cache.getOrLoad('key', load)).toBe('value');
    expect(loads).toBe(1);
  });

  it('tells every waiter of a failed load, and keeps nothing of it', async () => {
    const cache = newCache();
    const failing = () => cache.getOrLoad('key', () => Promise.reject(new Error('no')));
    const results = await Promise.allSettled([failing(), failing(), failing()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await cache.getOrLoad('key', () => Promise.resolve('yes'))).toBe('yes');
  });

  it('does not keep what was being loaded when it was deleted', async () => {
    const cache = newCache();
    let finish: (value: string) => void = () => undefined;
    let started = false;
    const old = cache.getOrLoad(
      'key',
      () =>
        new Promise((resolve) => {
          finish = resolve;
          started = true;
        }),
    );
    await waitUntil('the load has begun', () => started);
    await cache.delete('key');
    finish('old');
    expect(await old).toBe('old');
    expect(await cache.getOrLoad('key', () => Promise.resolve('new'))).toBe('new');
  });

  it('lets a caller who hangs up go, and loads on for the others', async () => {
    const cache = newCache();
    const [leaver, stayer] = [new AbortController(), new AbortController()];
    let finish: (value: string) => void = () => undefined;
    let loadSignal: AbortSignal | undefined;
    const load = (signal: AbortSignal): Promise<string> => {
      loadSignal = signal;
      return new Promise((resolve) => (finish = resolve));
    };
    const left = cache.getOrLoad('key', load, { signal: leaver.signal });
    const stayed = cache.getOrLoad('key', load, { signal: stayer.signal });
    await waitUntil('the load has begun', () => loadSignal);
    const reason = new Error('the caller hung up');
    leaver.abort(reason);
    await expect(left).rejects.toBe(reason);
    expect(loadSignal?.aborted).toBe(false);
    finish('value');
    expect(await stayed).toBe('value');
    expect(await cache.get('key')).toBe('value');
  });

  it('stops a load that nobody waits for any more, and starts anew for who comes next', async () => {
    const cache = newCache();
    const [first, second] = [new AbortController(), new AbortController()];
    let loadSignal: AbortSignal | undefined;
    const endless = (signal: AbortSignal): Promise<string> => {
      loadSignal = signal;
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
    };
    const waiters = [first, second].map(({ signal }) => cache.getOrLoad('key', endless, { signal }));
    const settled = Promise.allSettled(waiters);
    await waitUntil('the load has begun', () => loadSignal);
    first.abort();
    second.abort();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(loadSignal?.aborted).toBe(true);
    expect(await cache.getOrLoad('key', () => Promise.resolve('new'))).toBe('new');
  });

  it('does not begin for a caller who is gone already', async () => {
    let loads = 0;
    const load = (): Promise<string> => Promise.resolve(String((loads += 1)));
    await expect(newCache().getOrLoad('key', load, { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone');
    expect(loads).toBe(0);
  });

  it('forgets after its time, and on demand', async () => {
    const cache = newCache({ ttlMs: 50 });
    await cache.set('key', 'value');
    expect(await cache.get('key')).toBe('value');
    await waitUntil('it is forgotten', async () => (await cache.get('key')) === undefined);
    await cache.set('key', 'again');
    await cache.delete('key');
    expect(await cache.get('key')).toBeUndefined();
  });

  it('keeps caches and long keys apart', async () => {
    const [one, two] = [newCache(), newCache()];
    const long = 'k'.repeat(5_000);
    await one.set(`${long}a`, 'a');
    await one.set(`${long}b`, 'b');
    await two.set(`${long}a`, 'c');
    expect([await one.get(`${long}a`), await one.get(`${long}b`), await two.get(`${long}a`)]).toEqual(['a', 'b', 'c']);
  });

  it('keeps no value over its bound, and reads what it can not decode as missing', async () => {
    const cache = newCache({ valueCharsMax: 10 });
    await cache.set('key', 'x'.repeat(11));
    expect(await cache.get('key')).toBeUndefined();
    const strict = createCache<number>(kv, {
      name: 'strict',
      ttlMs: 60_000,
      encode: () => 'not a number',
      decode: (text) => (Number.isNaN(Number(text)) ? undefined : Number(text)),
    });
    await strict.set('key', 1);
    expect(await strict.getOrLoad('key', () => Promise.resolve(2))).toBe(2);
    const throwing = createCache<unknown>(kv, { name: 'json', ttlMs: 60_000, encode: () => '{', decode: (text) => JSON.parse(text) });
    await throwing.set('key', 1);
    expect(await throwing.getOrLoad('key', () => Promise.resolve(2))).toBe(2);
  });
});

describe('a cache whose store is away', () => {
  it('loads every time and never fails for it', async () => {
    const away = () => Promise.reject(new Error('away'));
    const metrics = createMetrics({ service: 'test' });
    const cache = createCache(
      { get: away, set: away, setIfAbsent: away, delete: away },
      { name: 'away', ttlMs: 1_000, ...textual, metrics },
    );
    expect(await cache.getOrLoad('key', () => Promise.resolve('value'))).toBe('value');
    await cache.delete('key');
    expect(await metrics.registry.metrics()).toContain('cache_reads_total{cache="away",outcome="miss",qm_service="test"} 1');
  });
});
