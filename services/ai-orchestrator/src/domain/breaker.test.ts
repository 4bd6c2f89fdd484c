import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { admits, begun, closedBreaker, failed, succeeded, undecided } from './breaker.ts';
import type { BreakerState } from './breaker.ts';

const policy = { failures: 5, windowMs: 60_000, openMs: 30_000 };

function failTimes(times: readonly number[], from: BreakerState = closedBreaker): BreakerState {
  return times.reduce((state, at) => failed(state, at, policy), from);
}

describe('the breaker', () => {
  it('opens at the fifth failure within 60 s, for 30 s', () => {
    const four = failTimes([0, 10, 20, 30]);
    expect(admits(four, 30, policy)).toBe(true);
    const five = failTimes([40], four);
    expect(five).toEqual({ kind: 'open', until: 30_040 });
    expect(admits(five, 30_039, policy)).toBe(false);
    expect(admits(five, 30_040, policy)).toBe(true);
  });

  it('forgets failures that are a window old', () => {
    expect(failTimes([0, 1, 2, 3, 60_001]).kind).toBe('closed');
    expect(failTimes([0, 1, 2, 3, 59_999]).kind).toBe('open');
  });

  it('lets one trial pass, and nobody beside it', () => {
    const trial = begun(failTimes([0, 1, 2, 3, 4]), 30_004);
    expect(admits(trial, 30_005, policy)).toBe(false);
    expect(succeeded(trial)).toEqual(closedBreaker);
    expect(failed(trial, 31_000, policy)).toEqual({ kind: 'open', until: 61_000 });
  });

  it('lets the next trial pass when one said nothing, or never ended', () => {
    const trial = begun(failTimes([0, 1, 2, 3, 4]), 30_004);
    expect(admits(undecided(trial, 30_100), 30_100, policy)).toBe(true);
    expect(admits(trial, 60_004, policy)).toBe(true);
  });

  it('is not opened for longer by calls that began before it opened', () => {
    const open = failTimes([0, 1, 2, 3, 4]);
    expect(failTimes([5, 6, 7], open)).toEqual(open);
  });

  it('whatever happens, admits again within the time it is open, remembers a bounded number, and never runs two trials at once', () => {
    const step = fc.record({ afterMs: fc.nat(40_000), end: fc.constantFrom('succeeded', 'failed', 'undecided') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let state: BreakerState = closedBreaker;
        let now = 0;
        for (const { afterMs, end } of steps) {
          now += afterMs;
          expect(admits(state, now + policy.openMs, policy)).toBe(true);
          if (!admits(state, now, policy)) continue;
          state = begun(state, now);
          if (state.kind === 'half_open') expect(admits(state, now, policy)).toBe(false);
          state = end === 'succeeded' ? succeeded(state) : end === 'failed' ? failed(state, now, policy) : undecided(state, now);
          if (state.kind === 'closed') expect(state.failedAt.length).toBeLessThan(policy.failures);
        }
      }),
    );
  });
});
