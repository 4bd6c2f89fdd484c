import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHedgeBudget } from './hedge-budget.ts';
import { headroomNow, openGate, refusedUntil, withLimitsLeft } from './quota-gate.ts';
import { createSlots } from './slots.ts';
import type { Release } from './slots.ts';

describe('the quota gate', () => {
  it('fills up again evenly until its reset', () => {
    const gate = withLimitsLeft(openGate, { headroom: 0.2, resetMs: 1_000 }, 5_000);
    const found = [5_000, 5_500, 6_000, 9_000].map((now) => headroomNow(gate, now).toFixed(6));
    expect(found.map(Number)).toEqual([0.2, 0.6, 1, 1]);
  });

  it('never opens sooner than any refusal asked for, and its headroom stays within 0 and 1', () => {
    const step = fc.record({
      afterMs: fc.nat(20_000),
      retryAfterMs: fc.option(fc.nat(60_000), { nil: undefined }),
      headroom: fc.double({ min: -1, max: 2, noNaN: true }),
      isRefusal: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step), (walk) => {
        let gate = openGate;
        let now = 0;
        let asked = 0;
        for (const { afterMs, retryAfterMs, headroom, isRefusal } of walk) {
          now += afterMs;
          if (isRefusal) {
            gate = refusedUntil(gate, now, retryAfterMs);
            asked = Math.max(asked, now + (retryAfterMs ?? 5_000));
          } else gate = withLimitsLeft(gate, { headroom, resetMs: afterMs }, now);
          expect(gate.until).toBe(asked);
          const left = headroomNow(gate, now);
          expect(left >= 0 && left <= 1).toBe(true);
        }
      }),
    );
  });
});

describe('the hedge budget', () => {
  it('never allows more extra calls than its share of the calls, and its burst', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 2_000 }), (walk) => {
        const budget = createHedgeBudget(() => ({ share: 0.05, burst: 10 }));
        let [calls, extra] = [0, 0];
        for (const isSpend of walk) {
          if (isSpend) extra += budget.spend() ? 1 : 0;
          else {
            calls += 1;
            budget.earn();
          }
          expect(extra).toBeLessThanOrEqual(calls * 0.05 + 1e-6);
        }
      }),
    );
  });

  it('saves up no more than its burst', () => {
    const budget = createHedgeBudget(() => ({ share: 0.05, burst: 2 }));
    for (let calls = 0; calls < 1_000; calls += 1) budget.earn();
    expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false]);
  });
});

describe('slots', () => {
  const never = new AbortController().signal;

  it('give as many as there are, then make others wait in line', async () => {
    const slots = createSlots({ inFlightMax: 2, queueMax: 2 });
    const held = [slots.tryTake(), slots.tryTake()] as [Release, Release];
    expect(slots.tryTake()).toBeUndefined();
    const order: string[] = [];
    const waits = ['first', 'second'].map(async (name) => {
      const result = await slots.take(1_000, never);
      order.push(name);
      return result;
    });
    expect(await slots.take(1_000, never)).toEqual({ refused: 'queue_full' });
    held[0]();
    held[0]();
    held[1]();
    await Promise.all(waits);
    expect(order).toEqual(['first', 'second']);
    expect([slots.inFlight, slots.waiting]).toEqual([2, 0]);
  });

  it('drop who would come too late, and who has left', async () => {
    const slots = createSlots({ inFlightMax: 1, queueMax: 5 });
    slots.tryTake();
    expect(await slots.take(0, never)).toEqual({ refused: 'too_late' });
    expect(await slots.take(10, never)).toEqual({ refused: 'too_late' });
    const leaver = new AbortController();
    const wait = slots.take(10_000, leaver.signal);
    leaver.abort(new Error('gone'));
    await expect(wait).rejects.toThrow('gone');
    expect(slots.waiting).toBe(0);
  });

  it('never are more in flight than allowed, and none is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('take', 'release'), { maxLength: 60 }), async (walk) => {
        const slots = createSlots({ inFlightMax: 3, queueMax: 4 });
        const held: Release[] = [];
        for (const step of walk) {
          if (step === 'release') held.shift()?.();
          else void slots.take(5_000, never).then((result) => 'release' in result && held.push(result.release));
          await Promise.resolve();
          expect(slots.inFlight).toBeLessThanOrEqual(3);
          expect(slots.waiting).toBeLessThanOrEqual(4);
        }
        while (slots.inFlight > 0) {
          held.shift()?.();
          await new Promise((resolve) => setImmediate(resolve));
        }
        expect(slots.waiting).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});
