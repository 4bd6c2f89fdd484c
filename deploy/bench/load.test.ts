import { describe, expect, it } from '@jest/globals';
import { percentile, runLoad } from './load.ts';

describe('runLoad', () => {
  it('runs as many callers as asked for, each one call at a time, and ends', async () => {
    const running = new Map<number, number>();
    let most = 0;
    const { latenciesMs, failures, seconds } = await runLoad(
      async (caller) => {
        running.set(caller, (running.get(caller) ?? 0) + 1);
        expect(running.get(caller)).toBe(1);
        most = Math.max(most, [...running.values()].filter((count) => count > 0).length);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running.set(caller, 0);
      },
      { callers: 4, seconds: 0.1 },
    );
    expect(most).toBe(4);
    expect(failures).toBe(0);
    expect(seconds).toBeGreaterThanOrEqual(0.1);
    expect(latenciesMs).toEqual(latenciesMs.toSorted((a, b) => a - b));
  });

  it('counts failures apart, and gives up on a system that answers nothing', async () => {
    let calls = 0;
    const once = await runLoad(
      async () => {
        calls += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (calls === 1) throw new Error('the first one');
      },
      { callers: 1, seconds: 0.03 },
    );
    expect(once).toMatchObject({ failures: 1, firstFailure: 'the first one' });
    expect(once.latenciesMs.length).toBe(calls - 1);
    await expect(runLoad(() => Promise.reject(new Error('down')), { callers: 2, seconds: 5 })).rejects.toThrow('more than 100');
  });
});

describe('percentile', () => {
  it('takes the nearest rank', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect([0.5, 0.9, 0.99, 1, 0].map((share) => percentile(values, share))).toEqual([5, 9, 10, 10, 1]);
    expect(percentile([], 0.5)).toBeNaN();
  });
});
