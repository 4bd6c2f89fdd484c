import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSlots } from './slots.ts';

const patient = { waitMsMax: 10_000 };

/** Work that ends when it is told to. */
function gate(): { work: () => Promise<undefined>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return {
    work: () => promise,
    open: () => {
      resolve(undefined);
    },
  };
}

describe('slots', () => {
  it('never run more at a time than there are slots, and run everything once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.tuple(fc.nat(5), fc.boolean()), { maxLength: 30 }),
        async (count, jobs) => {
          const slots = createSlots({ slots: count, queueMax: 30 });
          let running = 0;
          let peak = 0;
          const results = await Promise.allSettled(
            jobs.map(([turns, fails], index) =>
              slots.run(async () => {
                running += 1;
                peak = Math.max(peak, running);
                for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
                running -= 1;
                if (fails) throw new Error('broken');
                return index;
              }, patient),
            ),
          );
          expect(peak).toBeLessThanOrEqual(count);
          expect(results.map(({ status }) => status)).toEqual(jobs.map(([, fails]) => (fails ? 'rejected' : 'fulfilled')));
          expect([slots.running, slots.waiting]).toEqual([0, 0]);
        },
      ),
    );
  });

  it('admit in the order of arrival', async () => {
    const slots = createSlots({ slots: 1, queueMax: 9 });
    const first = gate();
    const order: number[] = [];
    const all = [slots.run(first.work, patient), ...[1, 2, 3].map((n) => slots.run(async () => void order.push(n), patient))];
    first.open();
    await Promise.all(all);
    expect(order).toEqual([1, 2, 3]);
  });

  it('refuse as overloaded when the queue is full, and when the wait is too long', async () => {
    const slots = createSlots({ slots: 1, queueMax: 1 });
    const busy = gate();
    const running = slots.run(busy.work, patient);
    const impatient = slots.run(async () => 'never', { waitMsMax: 5 });
    await expect(slots.run(async () => 'never', patient)).rejects.toMatchObject({ code: 'common.overloaded', retryAfterMs: 1_000 });
    await expect(impatient).rejects.toMatchObject({ code: 'common.overloaded' });
    await expect(slots.run(async () => 'never', { waitMsMax: 0 })).rejects.toMatchObject({ code: 'common.overloaded' });
    busy.open();
    await running;
    expect([slots.running, slots.waiting]).toEqual([0, 0]);
  });

  it('let a cancelled caller leave the queue and keep the slot for the next', async () => {
    const slots = createSlots({ slots: 1, queueMax: 2 });
    const busy = gate();
    const running = slots.run(busy.work, patient);
    const caller = new AbortController();
    const cancelled = slots.run(async () => 'never', { ...patient, signal: caller.signal });
    const next = slots.run(async () => 'mine', patient);
    caller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'common.cancelled' });
    busy.open();
    await running;
    await expect(next).resolves.toBe('mine');
  });
});
