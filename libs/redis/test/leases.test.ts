import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@quotemaster/lifecycle';
import { redisFaces } from '@quotemaster/testkit/redis-faces';
import { waitUntil } from '@quotemaster/testkit/wait-until';
import type { Leases } from '../src/index.ts';

describe.each(redisFaces())('leases of the $name', (kind) => {
  let lease: Leases;
  beforeAll(async () => {
    lease = (await kind.create(systemClock)).lease;
  });
  afterAll(() => kind.stop());

  it('go to one of many who ask at once', async () => {
    const handles = await Promise.all(Array.from({ length: 20 }, () => lease.acquire('one', 5_000)));
    expect(handles.filter((handle) => handle !== undefined)).toHaveLength(1);
  });

  it('can be given back and taken again', async () => {
    const first = await lease.acquire('back', 5_000);
    expect(await lease.acquire('back', 5_000)).toBeUndefined();
    await first?.release();
    const second = await lease.acquire('back', 5_000);
    expect(second?.owner).not.toBe(first?.owner);
    // The first holder's late release takes nothing from the second.
    await first?.release();
    expect(await lease.acquire('back', 5_000)).toBeUndefined();
    expect(await second?.renew()).toBe(true);
  });

  it('end with their time, and their holder learns it', async () => {
    const first = await lease.acquire('short', 60);
    const second = await waitUntil('the lease is free', () => lease.acquire('short', 5_000));
    expect(await first?.renew()).toBe(false);
    expect(await second.renew()).toBe(true);
  });

  it('say until when they hold at least, and a renewal moves that on', async () => {
    const before = systemClock.monotonic();
    const held = await lease.acquire('timed', 5_000);
    const first = held!.expiresAt;
    expect(first).toBeGreaterThanOrEqual(before + 5_000);
    expect(first).toBeLessThanOrEqual(systemClock.monotonic() + 5_000);
    await waitUntil('time has passed', () => systemClock.monotonic() > first - 4_990);
    await held?.renew();
    expect(held!.expiresAt).toBeGreaterThan(first);
  });

  it('last as long as they are renewed', async () => {
    // Far apart enough that a busy machine does not lose it, and twice its time in all.
    const held = await lease.acquire('kept', 1_000);
    for (let i = 0; i < 8; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      expect(await held?.renew()).toBe(true);
    }
    expect(await lease.acquire('kept', 1_000)).toBeUndefined();
  });
});
