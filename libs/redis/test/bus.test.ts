import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@quotemaster/lifecycle';
import { redisFaces } from '@quotemaster/testkit/redis-faces';
import { createTestTracing } from '@quotemaster/testkit/test-tracing';
import { waitUntil } from '@quotemaster/testkit/wait-until';
import type { BusEvent, EventBus, Subscription } from '../src/index.ts';

describe.each(redisFaces())('the event bus of the $name', (kind) => {
  let bus: EventBus;
  const running: Subscription[] = [];
  let topics = 0;
  const newTopic = () => `topic-${String((topics += 1))}`;

  beforeAll(async () => {
    bus = (await kind.create(systemClock)).bus;
  });
  afterAll(async () => {
    await Promise.all(running.map((subscription) => subscription.stop()));
    await kind.stop();
  });

  async function subscribe(topic: string, handler: (event: BusEvent) => Promise<void> | void, group?: string): Promise<Subscription> {
    const subscription = bus.subscribe({
      topics: [topic],
      handler: async (event) => handler(event),
      ...(group === undefined ? {} : { group }),
    });
    await subscription.start();
    running.push(subscription);
    return subscription;
  }
  function event(topic: string, payload: unknown, traceparent?: string): BusEvent {
    return { id: randomUUID(), topic, key: 'key', payload, occurredAt: new Date().toISOString(), traceparent };
  }

  it('brings every subscriber what is published from its start on, in order, and nothing from before', async () => {
    const topic = newTopic();
    const [first, second]: [unknown[], unknown[]] = [[], []];
    await bus.publish(event(topic, 'before'));
    await subscribe(topic, ({ payload }) => void first.push(payload));
    await subscribe(topic, ({ payload }) => void second.push(payload));
    for (let i = 0; i < 50; i += 1) await bus.publish(event(topic, i));
    await waitUntil('both have all', () => first.length >= 50 && second.length >= 50);
    expect(first).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(second).toEqual(first);
  });

  it('brings the event whole', async () => {
    const topic = newTopic();
    const seen: BusEvent[] = [];
    await subscribe(topic, (received) => void seen.push(received));
    const sent = event(topic, { nested: ['ä', 1, null] });
    await bus.publish(sent);
    await waitUntil('it is there', () => seen.length === 1);
    expect(seen[0]).toEqual(JSON.parse(JSON.stringify(sent)));
  });

  it('does not repeat a broadcast whose handler failed, and goes on', async () => {
    const topic = newTopic();
    const seen: unknown[] = [];
    await subscribe(topic, ({ payload }) => {
      seen.push(payload);
      if (payload === 'bad') throw new Error('no');
    });
    await bus.publish(event(topic, 'bad'));
    await bus.publish(event(topic, 'good'));
    await waitUntil('the second came', () => seen.includes('good'));
    expect(seen).toEqual(['bad', 'good']);
  });

  it('gives each event to one of a group', async () => {
    const topic = newTopic();
    const seen: unknown[] = [];
    for (let i = 0; i < 3; i += 1) await subscribe(topic, ({ payload }) => void seen.push(payload), 'workers');
    for (let i = 0; i < 30; i += 1) await bus.publish(event(topic, i));
    await waitUntil('all are handled', () => seen.length >= 30);
    expect([...seen].sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });

  it('brings a group an event again when its handler failed', async () => {
    const topic = newTopic();
    let tries = 0;
    await subscribe(
      topic,
      () => {
        tries += 1;
        if (tries < 3) throw new Error('not yet');
      },
      'workers',
    );
    await bus.publish(event(topic, 1));
    await waitUntil('it was handled', () => tries === 3);
  });

  it('keeps the order of a group of one, failures or not', async () => {
    const topic = newTopic();
    const seen: unknown[] = [];
    await subscribe(
      topic,
      ({ payload }) => {
        seen.push(payload);
        if (seen.length < 3) throw new Error('not yet');
      },
      'workers',
    );
    await bus.publish(event(topic, 'first'));
    await bus.publish(event(topic, 'second'));
    await waitUntil('both were handled', () => seen.length === 4);
    expect(seen).toEqual(['first', 'first', 'first', 'second']);
  });

  it('puts an event aside that no try can handle, says so, counts it, and handles the others', async () => {
    const topic = newTopic();
    const seen: unknown[] = [];
    let poisoned = 0;
    await subscribe(
      topic,
      ({ payload }) => {
        if (payload === 'poison') {
          poisoned += 1;
          throw new Error('no');
        }
        seen.push(payload);
      },
      'workers',
    );
    const poison = event(topic, 'poison');
    await bus.publish(poison);
    await bus.publish(event(topic, 'good'));
    await waitUntil('the poison had its tries', () => poisoned === 5 && seen.length === 1, { timeoutMs: 10_000 });
    await bus.publish(event(topic, 'later'));
    await waitUntil('the next came', () => seen.includes('later'));
    expect(poisoned).toBe(5);
    const line = kind.log.lines.find(({ msg, eventId }) => eventId === poison.id && String(msg).includes('put aside'));
    expect(line).toMatchObject({ topic, group: 'workers', level: 'error' });
    const page = await kind.metrics.registry.metrics();
    for (const [outcome, count] of [
      ['ok', 2],
      ['failed', 5],
      ['dead', 1],
    ]) {
      expect(page).toContain(`bus_handled_total{topic="${topic}",outcome="${String(outcome)}",qm_service="test"} ${String(count)}\n`);
    }
    expect(page).toContain(`bus_published_total{topic="${topic}",qm_service="test"} 3\n`);
  });

  it('waits for the running handler when it stops, and gives the rest to others of the group', async () => {
    const topic = newTopic();
    const done: unknown[] = [];
    let started = false;
    const first = await subscribe(
      topic,
      async ({ payload }) => {
        started = true;
        await new Promise((resolve) => setTimeout(resolve, 100));
        done.push(payload);
      },
      'workers',
    );
    for (let i = 0; i < 3; i += 1) await bus.publish(event(topic, i));
    await waitUntil('the first handler runs', () => started);
    await first.stop();
    expect(done).toEqual([0]);
    await subscribe(topic, ({ payload }) => void done.push(payload), 'workers');
    await waitUntil('the others came', () => done.length >= 3);
    expect([...done].sort()).toEqual([0, 1, 2]);
  });

  it('leaves a handler behind that does not end, and says so', async () => {
    const topic = newTopic();
    let started = false;
    let end: () => void = () => undefined;
    const hanging = new Promise<void>((resolve) => (end = resolve));
    const subscription = await subscribe(topic, () => {
      started = true;
      return hanging;
    });
    await bus.publish(event(topic, 1));
    await waitUntil('the handler runs', () => started);
    await subscription.stop();
    expect(kind.log.lines).toContainEqual(expect.objectContaining({ topic, msg: expect.stringContaining('left behind') }));
    end();
  });

  it('gives every subscriber a copy of its own', async () => {
    const topic = newTopic();
    const seen: unknown[] = [];
    const spoil = ({ payload }: BusEvent): void => {
      const list = payload as number[];
      list.push(list.length);
      seen.push(list);
    };
    await subscribe(topic, spoil);
    await subscribe(topic, spoil);
    await bus.publish(event(topic, []));
    await waitUntil('both came', () => seen.length === 2);
    expect(seen).toEqual([[0], [0]]);
  });

  it('runs a handler within the trace of its event', async () => {
    const tracing = createTestTracing();
    try {
      const topic = newTopic();
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
      let handled = false;
      await subscribe(topic, () => void (handled = true));
      await bus.publish(event(topic, 1, `00-${traceId}-00f067aa0ba902b7-01`));
      await waitUntil('it was handled', () => handled && tracing.spans(traceId).length > 0);
      expect(tracing.spans(traceId).map(({ name, parentSpanId }) => [name, parentSpanId])).toEqual([
        [`handle ${topic}`, '00f067aa0ba902b7'],
      ]);
    } finally {
      await tracing.stop();
    }
  });
});
