import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { floorMax, floorOfCalls, nextFloorOfDelay } from './admission-floor.ts';

/** As the contract has them: analytics, reads, generations, sign-ins. */
const priorities = [20, 50, 70, 90];
const isShed = (priority: number, inFlight: number): boolean => priority < floorOfCalls(inFlight, 100);

describe('the floor for calls in flight', () => {
  it('lets everything in up to the bound, and nothing at twice the bound', () => {
    for (const priority of priorities) {
      expect(isShed(priority, 100)).toBe(false);
      expect(isShed(priority, 200)).toBe(true);
    }
  });

  it('sheds in the order of the priorities, one after the other', () => {
    const shedAt = priorities.map((priority) => Array.from({ length: 201 }, (_, calls) => calls).find((calls) => isShed(priority, calls))!);
    expect(shedAt).toEqual([...shedAt].sort((a, b) => a - b));
    expect(new Set(shedAt).size).toBe(priorities.length);
  });

  it('never falls while calls are added', () => {
    fc.assert(fc.property(fc.nat(500), fc.nat(500), (a, b) => floorOfCalls(Math.min(a, b), 100) <= floorOfCalls(Math.max(a, b), 100)));
  });
});

describe('the floor for the delay of the event loop', () => {
  it('rises above each priority in turn while the delay lasts, and falls slower than it rose', () => {
    const floors = [0];
    for (let i = 0; i < 12; i += 1) floors.push(nextFloorOfDelay(floors.at(-1)!, 80, 50));
    for (const priority of priorities) expect(floors.findIndex((floor) => floor > priority)).toBeGreaterThan(0);
    expect(floors).toEqual([...floors].sort((a, b) => a - b));
    expect(nextFloorOfDelay(0, 120, 50)).toBe(2 * nextFloorOfDelay(0, 80, 50));
    expect(50 - nextFloorOfDelay(50, 1, 50)).toBeLessThan(nextFloorOfDelay(50, 80, 50) - 50);
    expect(nextFloorOfDelay(30, 45, 50)).toBe(30);
  });

  it('stays between nothing and all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: floorMax }), fc.double({ min: 0, max: 1e6, noNaN: true }), (floor, delayMs) => {
        const next = nextFloorOfDelay(floor, delayMs, 50);
        expect(next).toBeGreaterThanOrEqual(0);
        expect(next).toBeLessThanOrEqual(floorMax);
      }),
    );
  });
});
