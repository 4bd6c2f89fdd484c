import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { admissionOf, closedBreaker, failed, rampOf, readmitted, succeeded, trialBegun, undecided } from './breaker.ts';
import type { BreakerState } from './breaker.ts';

const policy = { failures: 5, windowMs: 60_000, failureShare: 0.2, openMs: 30_000, openMaxMs: 300_000, rampMs: 30_000 };

function failTimes(times: readonly number[], from: BreakerState = closedBreaker): BreakerState {
  return times.reduce((state, at) => failed(state, at, policy, false), from);
}
const openedAt4 = failTimes([0, 1, 2, 3, 4]);

describe('the breaker', () => {
  it('opens at the fifth failure within 60 s, for 30 s', () => {
    const four = failTimes([0, 10, 20, 30]);
    expect(admissionOf(four, 30, policy)).toBe('pass');
    const five = failTimes([40], four);
    expect(five).toEqual({ kind: 'open', since: 40, until: 30_040, openings: 0 });
    expect(admissionOf(five, 30_039, policy)).toBe('refused');
    expect(admissionOf(five, 30_040, policy)).toBe('trial');
  });

  it('forgets failures that are a window old', () => {
    expect(failTimes([0, 1, 2, 3, 60_001]).kind).toBe('closed');
    expect(failTimes([0, 1, 2, 3, 59_999]).kind).toBe('open');
  });

  it('stays closed while the failures are less than their share of the calls, unless the bare count rules', () => {
    const busy = Array.from({ length: 30 }).reduce<BreakerState>((state, _, at) => succeeded(state, at, policy, false), closedBreaker);
    expect(failTimes([31, 32, 33, 34, 35, 36, 37], busy).kind).toBe('closed');
    expect(failTimes([31, 32, 33, 34, 35, 36, 37, 38], busy).kind).toBe('open');
    const bare = { ...policy, failureShare: 0 };
    expect([31, 32, 33, 34, 35].reduce((state, at) => failed(state, at, bare, false), busy).kind).toBe('open');
  });

  it('lets one trial pass, and nobody beside it', () => {
    const trial = trialBegun(openedAt4, 30_004);
    expect(admissionOf(trial, 30_005, policy)).toBe('refused');
    expect(succeeded(trial, 30_100, policy, true).kind).toBe('closed');
  });

  it('is moved by its trial alone: calls that began before say nothing of now', () => {
    const trial = trialBegun(openedAt4, 30_004);
    for (const straggler of [
      succeeded(trial, 30_005, policy, false),
      failed(trial, 30_005, policy, false),
      undecided(trial, 30_005, false),
    ]) {
      expect(straggler).toBe(trial);
    }
    expect(succeeded(openedAt4, 10, policy, false)).toBe(openedAt4);
    expect(failed(openedAt4, 10, policy, false)).toBe(openedAt4);
  });

  it('opens for twice as long each time that a trial fails, up to its bound', () => {
    let state: BreakerState = openedAt4;
    const lengths: number[] = [];
    for (let times = 0; times < 6; times += 1) {
      const at = state.kind === 'open' ? state.until : 0;
      state = failed(trialBegun(state, at), at, policy, true);
      if (state.kind === 'open') lengths.push(state.until - at);
    }
    expect(lengths).toEqual([60_000, 120_000, 240_000, 300_000, 300_000, 300_000]);
  });

  it('takes its share back over the ramp, opens sooner during it, and for longer', () => {
    const back = succeeded(trialBegun(openedAt4, 30_004), 31_000, policy, true);
    expect(rampOf(back, 31_000, policy)).toBeCloseTo(0.1);
    expect(rampOf(back, 46_000, policy)).toBeCloseTo(0.55);
    expect(rampOf(back, 61_000, policy)).toBe(1);
    expect(failTimes([32_000, 32_001, 32_002], back)).toEqual({ kind: 'open', since: 32_002, until: 92_002, openings: 1 });
  });

  it('has its past behind it after a ramp and a window', () => {
    const back = succeeded(trialBegun(openedAt4, 30_004), 31_000, policy, true);
    const well = succeeded(back, 31_000 + 90_000, policy, false);
    expect(failTimes([200_000, 200_001, 200_002, 200_003, 200_004], well)).toMatchObject({ openings: 0, until: 230_004 });
  });

  it('makes way for the next trial when one says nothing', () => {
    const open = undecided(trialBegun(openedAt4, 30_004), 30_010, true);
    expect(admissionOf(open, 30_010, policy)).toBe('trial');
  });

  it("takes over what another's trial has shown", () => {
    expect(readmitted(openedAt4, 40_000)).toMatchObject({ kind: 'closed', readmittedAt: 40_000 });
    expect(readmitted(closedBreaker, 40_000)).toBe(closedBreaker);
  });
});

type Step = { readonly afterMs: number; readonly what: 'good' | 'bad' | 'none' | 'ask' };
const steps = fc.array(
  fc.record({ afterMs: fc.integer({ min: 0, max: 40_000 }), what: fc.constantFrom<Step['what']>('good', 'bad', 'none', 'ask') }),
  { maxLength: 200 },
);

describe('whatever happens, the breaker', () => {
  it('has one trial at most, and opens only with enough failures in its window', () => {
    fc.assert(
      fc.property(steps, (walk) => {
        let state: BreakerState = closedBreaker;
        let now = 0;
        let trials = 0;
        let failures: number[] = [];
        for (const { afterMs, what } of walk) {
          now += afterMs;
          const before = state;
          if (what === 'ask') {
            if (admissionOf(state, now, policy) === 'trial') {
              // A trial that nobody ended is over after openMaxMs.
              trials = before.kind === 'half_open' ? 1 : trials + 1;
              state = trialBegun(state, now);
            }
          } else {
            const isTrial: boolean = state.kind === 'half_open';
            if (isTrial) trials -= 1;
            if (what === 'bad' && state.kind === 'closed') failures.push(now);
            if (what === 'good') state = succeeded(state, now, policy, isTrial);
            if (what === 'bad') state = failed(state, now, policy, isTrial);
            if (what === 'none') state = undecided(state, now, isTrial);
          }
          expect(trials).toBe(state.kind === 'half_open' ? 1 : 0);
          if (before.kind === 'closed' && state.kind === 'open') {
            const recent = failures.filter((at) => now - at < policy.windowMs);
            expect(recent.length).toBeGreaterThanOrEqual(
              before.readmittedAt === undefined ? policy.failures : Math.ceil(policy.failures / 2),
            );
            failures = [];
          }
          if (before.kind !== 'closed' && state.kind === 'closed') failures = [];
          if (state.kind === 'open') expect(state.until - now).toBeLessThanOrEqual(policy.openMaxMs);
          if (state.kind === 'closed') expect(state.calls.length).toBeLessThanOrEqual(61);
        }
      }),
    );
  });

  it('lets a call pass again at the latest when its longest time is over', () => {
    fc.assert(
      fc.property(steps, (walk) => {
        let state: BreakerState = closedBreaker;
        let now = 0;
        for (const { afterMs, what } of walk) {
          now += afterMs;
          if (admissionOf(state, now, policy) === 'trial') state = trialBegun(state, now);
          const isTrial = state.kind === 'half_open';
          if (what === 'good') state = succeeded(state, now, policy, isTrial);
          if (what === 'bad') state = failed(state, now, policy, isTrial);
        }
        expect(admissionOf(state, now + policy.openMaxMs, policy)).not.toBe('refused');
      }),
    );
  });
});
