import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFakeClock } from '@quotemaster/testkit/fake-clock';
import { redisFaces } from '@quotemaster/testkit/redis-faces';
import fc from 'fast-check';
import type { RateLimiter } from '../src/index.ts';
import { takeFromWindow } from '../src/sliding-window.ts';
import type { WindowState } from '../src/sliding-window.ts';

const windowMs = 10_000;
const policy = { name: 'test', limit: 10, windowMs };

describe.each(redisFaces())('the rate limiter of the $name', (kind) => {
  // A window begins where the clock begins, so that tests can say where in it they are.
  const clock = createFakeClock(Math.ceil(1_700_000_000_000 / windowMs) * windowMs);
  let limiter: RateLimiter;
  let keys = 0;
  const take = (key: string, cost = 1) => limiter.take({ policy, key, cost });
  const newKey = () => `key-${String((keys += 1))}`;

  beforeAll(async () => {
    limiter = (await kind.create(clock)).limiter;
  });
  afterAll(() => kind.stop());

  it('lets the limit in and refuses what is over it, which takes nothing', async () => {
    const key = newKey();
    for (let left = 9; left >= 0; left -= 1) expect(await take(key)).toMatchObject({ allowed: true, limit: 10, remaining: left });
    expect(await take(key)).toMatchObject({ allowed: false, remaining: 0 });
    expect(await take(key, 5)).toMatchObject({ allowed: false });
    expect((await take(newKey())).allowed).toBe(true);
  });

  it('counts costs, and refuses one that does not fit while a smaller one does', async () => {
    const key = newKey();
    expect(await take(key, 8)).toMatchObject({ allowed: true, remaining: 2 });
    expect(await take(key, 3)).toMatchObject({ allowed: false, remaining: 2 });
    expect(await take(key, 2)).toMatchObject({ allowed: true, remaining: 0 });
    expect(await take(key, 11)).toMatchObject({ allowed: false });
  });

  it('never lets more in than the limit when all come at once', async () => {
    const key = newKey();
    const decisions = await Promise.all(Array.from({ length: 50 }, () => take(key)));
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(10);
  });

  it('forgets the window before little by little, not at its end', async () => {
    const key = newKey();
    await take(key, 10);
    clock.advance(windowMs);
    expect((await take(key)).allowed).toBe(false);
    clock.advance(windowMs / 2);
    expect(await take(key, 5)).toMatchObject({ allowed: true, remaining: 0 });
    expect((await take(key)).allowed).toBe(false);
    clock.advance(2 * windowMs);
    expect(await take(key, 10)).toMatchObject({ allowed: true });
    clock.advance(windowMs / 2);
  });

  it('gives no fresh limit when its clock is set back over the border of a window', async () => {
    const key = newKey();
    clock.advance(windowMs - (clock.now() % windowMs));
    await take(key, 10);
    clock.advance(-50);
    expect(await take(key)).toMatchObject({ allowed: false, remaining: 0 });
    clock.advance(100);
    expect((await take(key)).allowed).toBe(false);
  });

  it('says honestly how long to wait', async () => {
    for (const cost of [1, 4, 10]) {
      const key = newKey();
      await take(key, 7);
      await take(key, 3);
      const { allowed, resetMs } = await take(key, cost);
      expect(allowed).toBe(false);
      clock.advance(resetMs);
      expect((await take(key, cost)).allowed).toBe(true);
      clock.advance(3 * windowMs);
    }
  });

  it('does the arithmetic of the sliding window to the last unit', async () => {
    const steps = fc.array(fc.record({ afterMs: fc.integer({ min: -2_000, max: 15_000 }), cost: fc.integer({ min: 1, max: 12 }) }), {
      minLength: 1,
      maxLength: 25,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const key = newKey();
        let state: WindowState | undefined;
        for (const { afterMs, cost } of sequence) {
          clock.advance(afterMs);
          const expected = takeFromWindow(state, policy, cost, clock.now());
          state = expected.state;
          expect(await take(key, cost)).toEqual(expected.decision);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the sliding window', () => {
  it('admits in no window of its length more than the limit plus what even spreading hides', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 30, maxLength: 120 }), (gaps) => {
        let state: WindowState | undefined;
        let now = 0;
        const admitted: number[] = [];
        for (const gap of gaps) {
          now += gap;
          const { state: next, decision } = takeFromWindow(state, policy, 1, now);
          state = next;
          if (decision.allowed) admitted.push(now);
        }
        // Two counters can't know where in the window before its requests lay: at worst all lay at its end.
        for (const end of admitted)
          expect(admitted.filter((time) => time > end - windowMs && time <= end).length).toBeLessThan(2 * policy.limit);
      }),
    );
  });
});
