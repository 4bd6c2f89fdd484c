import { AppError, commonErrors } from '@quotemaster/errors';
import { runWithTraceparent } from '@quotemaster/observe';
import type { BusEvent, EventBus, SubscribeOptions, Subscription } from '../face.ts';
import { deliveriesMax, queueMax, retryDelayMs } from '../limits.ts';
import { pause } from '../pause.ts';

interface Queue {
  readonly events: { event: BusEvent; deliveries: number }[];
  /** Of consumers that wait for an event. */
  readonly waiters: Set<() => void>;
}

/** Creates the in-process event bus. Groups keep what nobody has handled yet, at most 10,000 events a group. */
export function createTwinBus(): EventBus {
  const groups = new Map<string, { topics: Set<string>; queue: Queue }>();
  const broadcasts = new Set<{ topics: ReadonlySet<string>; queue: Queue }>();

  function push(queue: Queue, event: BusEvent): void {
    queue.events.push({ event, deliveries: 0 });
    for (const wake of queue.waiters) wake();
  }

  return {
    publish(event) {
      // What a handler gets is what a wire would have brought: a copy without what JSON can't hold.
      const copy = JSON.parse(JSON.stringify(event)) as BusEvent;
      const listening = [...groups.values(), ...broadcasts].filter(({ topics }) => topics.has(event.topic));
      if (listening.some(({ queue }) => queue.events.length >= queueMax)) {
        return Promise.reject(new AppError(commonErrors.unavailable, { reason: `the queue of ${event.topic} is full` }));
      }
      for (const { queue } of listening) push(queue, copy);
      return Promise.resolve();
    },
    subscribe(options) {
      const { group, topics } = options;
      if (group === undefined) {
        const broadcast = { topics: new Set(topics), queue: emptyQueue() };
        return consume(options, broadcast.queue, {
          begin: () => broadcasts.add(broadcast),
          end: () => broadcasts.delete(broadcast),
        });
      }
      const existing = groups.get(group) ?? { topics: new Set<string>(), queue: emptyQueue() };
      return consume(options, existing.queue, {
        begin: () => {
          for (const topic of topics) existing.topics.add(topic);
          groups.set(group, existing);
        },
      });
    },
    healthy: () => true,
  };
}

function emptyQueue(): Queue {
  return { events: [], waiters: new Set() };
}

function consume(options: SubscribeOptions, queue: Queue, hooks: { begin(): unknown; end?(): unknown }): Subscription {
  let loop: Promise<void> | undefined;
  const stopping = new AbortController();

  async function waitForEvent(): Promise<void> {
    let wake = (): void => undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      queue.waiters.add(wake);
      stopping.signal.addEventListener('abort', wake, { once: true });
    });
    queue.waiters.delete(wake);
    stopping.signal.removeEventListener('abort', wake);
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const next = queue.events.shift();
      if (next === undefined) {
        await waitForEvent();
        continue;
      }
      const { event } = next;
      try {
        await runWithTraceparent(event.traceparent, `handle ${event.topic}`, () => options.handler(event));
      } catch {
        // Broadcasts are not repeated; a group's event comes again, behind the others, until it has had its tries.
        if (options.group === undefined || next.deliveries + 1 >= deliveriesMax) continue;
        queue.events.push({ event, deliveries: next.deliveries + 1 });
        await pause(retryDelayMs, stopping.signal);
      }
    }
  }

  return {
    name: `subscription ${options.group ?? 'broadcast'} of ${options.topics.join(', ')}`,
    start: () => {
      hooks.begin();
      loop ??= run();
      return Promise.resolve();
    },
    stop: async () => {
      stopping.abort();
      hooks.end?.();
      await loop;
    },
  };
}
