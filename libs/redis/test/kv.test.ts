import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@quotemaster/lifecycle';
import { redisFaces } from '@quotemaster/testkit/redis-faces';
import { waitUntil } from '@quotemaster/testkit/wait-until';
import type { KeyValueStore } from '../src/index.ts';

describe.each(redisFaces())('the string store on the $name', (kind) => {
  let kv: KeyValueStore;
  beforeAll(async () => {
    kv = (await kind.create(systemClock)).kv;
  });
  afterAll(async () => kind.stop());

  it('gives what was set last, until it is deleted', async () => {
    await kv.set('a', '1', 10_000);
    await kv.set('a', '2', 10_000);
    expect(await kv.get('a')).toBe('2');
    await kv.delete('a');
    expect(await kv.get('a')).toBeUndefined();
  });

  it('forgets what has expired', async () => {
    await kv.set('short', '1', 60);
    await waitUntil('its end', async () => (await kv.get('short')) === undefined);
  });

  it('lets one of many set an absent key, and leaves what is there', async () => {
    const won = await Promise.all(Array.from({ length: 20 }, async (_, i) => kv.setIfAbsent('once', String(i), 10_000)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await kv.get('once')).toBe(String(won.indexOf(true)));
    await kv.set('once', 'over', 60);
    expect(await kv.setIfAbsent('once', 'not yet', 10_000)).toBe(false);
    await waitUntil('its end', async () => kv.setIfAbsent('once', 'again', 10_000));
    expect(await kv.get('once')).toBe('again');
  });
});
