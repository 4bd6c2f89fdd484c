import { hash } from '@node-rs/argon2';
import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '@quotemaster/observe';
import { createPasswordHasher } from './password-hasher.ts';

const password = 'a whale sang for fifteen nights';
const patient = { remainingMs: () => 10_000, signal: new AbortController().signal };

function start(cores?: number) {
  const metrics = createMetrics({ service: 'test' });
  const read = async (name: string): Promise<number> => {
    const metric = await metrics.registry.getSingleMetric(`user_password_hashes_${name}`)!.get();
    return metric.values[0]!.value;
  };
  const hasher = createPasswordHasher(cores === undefined ? { metrics } : { metrics, cores });
  return { hasher, running: async () => read('running'), waiting: async () => read('waiting') };
}

describe('password hasher', () => {
  it('knows the right password from a wrong one, and a hash of today from an older one', async () => {
    const { hasher } = start();
    const hashed = await hasher.hash(password, patient);
    expect(await hasher.verify(password, hashed, patient)).toEqual({ isRight: true, isOutdated: false });
    expect(await hasher.verify(`${password}!`, hashed, patient)).toEqual({ isRight: false, isOutdated: false });
    const older = await hash(password, { memoryCost: 8_192, timeCost: 2, parallelism: 1 });
    expect(await hasher.verify(password, older, patient)).toEqual({ isRight: true, isOutdated: true });
  });

  it('computes no more hashes at a time than it has cores, also for accounts that do not exist', async () => {
    const { hasher, running, waiting } = start(2);
    const all = Array.from({ length: 12 }, async (_, index) =>
      index % 2 === 0 ? hasher.hash(password, patient) : hasher.verify(password, undefined, patient),
    );
    expect([await running(), await waiting()]).toEqual([2, 10]);
    let peak = 0;
    for (const done of all) {
      await done;
      peak = Math.max(peak, await running());
    }
    expect(peak).toBeLessThanOrEqual(2);
    expect([await running(), await waiting()]).toEqual([0, 0]);
  });

  it('says no for an account that does not exist, whatever the password', async () => {
    const { hasher } = start();
    expect(await hasher.verify('', undefined, patient)).toEqual({ isRight: false, isOutdated: false });
  });

  it('refuses as overloaded rather than let a caller wait past their deadline', async () => {
    const { hasher } = start(1);
    const first = hasher.hash(password, patient);
    await expect(hasher.hash(password, { ...patient, remainingMs: () => 500 })).rejects.toMatchObject({
      code: 'common.overloaded',
      httpStatus: 503,
    });
    await first;
  });

  it('refuses as overloaded when 64 a core are waiting', async () => {
    const { hasher } = start(1);
    const caller = new AbortController();
    const all = Array.from({ length: 65 }, async () =>
      hasher.hash(password, { ...patient, signal: caller.signal }).catch((error: unknown) => error),
    );
    await expect(hasher.hash(password, patient)).rejects.toMatchObject({ code: 'common.overloaded' });
    caller.abort();
    expect(typeof (await all[0])).toBe('string');
    expect(await all[64]).toMatchObject({ code: 'common.cancelled' });
  });
});
