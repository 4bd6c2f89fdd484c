import { runWithTraceparent } from '@quotemaster/observe';
import type { BusEvent } from '../face.ts';
import { deliveriesMax, retryDelayMs } from '../limits.ts';
import { pause } from '../pause.ts';

interface Delivery {
  readonly event: BusEvent;
  readonly deliveries: number;
}

/** Events that wait for one of the readers of a queue. */
export interface Queue {
  readonly events: Delivery[];
  push(delivery: Delivery): void;
  /** Resolves when there may be an event, or when `signal` fires. */
  wait(signal: AbortSignal): Promise<void>;
}

export interface TwinReader {
  /** Resolves when the handler that was running has ended. */
  stop(): Promise<void>;
}

/** Creates an empty queue. Its bound is the publisher's to keep. */
export function createQueue(): Queue {
  const events: Delivery[] = [];
  const waiters = new Set<() => void>();
  return {
    events,
    push(delivery) {
      events.push(delivery);
      for (const wake of waiters) wake();
    },
    async wait(signal) {
      if (events.length > 0 || signal.aborted) return;
      let wake = (): void => undefined;
      await new Promise<void>((resolve) => {
        wake = resolve;
        waiters.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
      waiters.delete(wake);
      signal.removeEventListener('abort', wake);
    },
  };
}

/** Starts to hand the events of a queue to a handler, one after the other. */
export function createTwinReader(options: { queue: Queue; handler(event: BusEvent): Promise<void>; redeliver: boolean }): TwinReader {
  const { queue, handler, redeliver } = options;
  const stopping = new AbortController();

  async function handle({ event, deliveries }: Delivery): Promise<void> {
    try {
      await runWithTraceparent(event.traceparent, `handle ${event.topic}`, () => handler(event));
    } catch {
      // Broadcasts are not repeated; a group's event comes again, behind the others, until it has had its tries.
      if (!redeliver || deliveries + 1 >= deliveriesMax) return;
      queue.push({ event, deliveries: deliveries + 1 });
      await pause(retryDelayMs, stopping.signal);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const next = queue.events.shift();
      if (next === undefined) await queue.wait(stopping.signal);
      else await handle(next);
    }
  }

  const loop = run();
  return {
    stop: async () => {
      stopping.abort();
      await loop;
    },
  };
}
