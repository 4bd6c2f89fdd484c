import { describe, expect, it } from '@jest/globals';
import { createMemoryLog } from '@quotemaster/testkit/memory-log';
import { waitUntil } from '@quotemaster/testkit/wait-until';
import { createBusReport } from '../bus-report.ts';
import { queueMax } from '../limits.ts';
import { createTwinBus } from './twin-bus.ts';

const event = (payload: number) => ({ id: String(payload), topic: 'topic', key: 'key', payload, occurredAt: '2026-11-23T00:00:00Z' });

describe('a queue of the twin that is full', () => {
  it('refuses what is published where it is a group’s, and takes it when there is room', async () => {
    const bus = createTwinBus({ report: createBusReport({}) });
    const seen: unknown[] = [];
    const join = async () => {
      const subscription = bus.subscribe({ topics: ['topic'], group: 'workers', handler: async ({ payload }) => void seen.push(payload) });
      await subscription.start();
      return subscription;
    };
    await (await join()).stop();
    for (let i = 0; i < queueMax; i += 1) await bus.publish(event(i));
    await expect(bus.publish(event(-1))).rejects.toMatchObject({ code: 'common.unavailable' });
    const heir = await join();
    await waitUntil('all were handled', () => seen.length === queueMax);
    await bus.publish(event(queueMax));
    await waitUntil('the next was handled', () => seen.length === queueMax + 1);
    await heir.stop();
    expect(seen).toEqual(Array.from({ length: queueMax + 1 }, (_, i) => i));
  });

  it('drops the oldest where it is a single subscriber’s, and says so: nobody else is held up', async () => {
    const log = createMemoryLog();
    const bus = createTwinBus({ report: createBusReport({ logger: log.logger }) });
    const [slow, quick]: [unknown[], unknown[]] = [[], []];
    let begun = false;
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const subscriptions = [
      bus.subscribe({
        topics: ['topic'],
        handler: async ({ payload }) => {
          begun = true;
          await gate;
          slow.push(payload);
        },
      }),
      bus.subscribe({ topics: ['topic'], handler: async ({ payload }) => void quick.push(payload) }),
    ];
    for (const subscription of subscriptions) await subscription.start();
    await bus.publish(event(0));
    await waitUntil('the slow one is at work', () => begun && quick.length === 1);
    for (let i = 1; i <= queueMax + 2; i += 1) {
      await bus.publish(event(i));
      // The quick one keeps up.
      if (i % 1_000 === 0) await waitUntil('the quick one has all', () => quick.length === i + 1);
    }
    open();
    await waitUntil('both are through', () => slow.length === queueMax + 1 && quick.length === queueMax + 3);
    await Promise.all(subscriptions.map((subscription) => subscription.stop()));
    expect(slow.slice(0, 2)).toEqual([0, 3]);
    expect(log.lines.filter(({ msg }) => String(msg).includes('dropped'))).toHaveLength(2);
  });
});
