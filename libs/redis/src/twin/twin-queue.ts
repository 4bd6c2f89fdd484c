import type { BusEvent } from '../face.ts';

/** Events that wait for one of the readers of a queue. Its bound is the publisher's to keep. */
export interface Queue {
  readonly length: number;
  push(event: BusEvent): void;
  /** Puts back what was taken and not handled, where it was. */
  putBack(event: BusEvent): void;
  take(): BusEvent | undefined;
  /** Resolves when there may be an event, or when `signal` fires. */
  wait(signal: AbortSignal): Promise<void>;
}

/** Creates an empty queue. */
export function createQueue(): Queue {
  const events: BusEvent[] = [];
  const waiters = new Set<() => void>();
  const wakeAll = (): void => {
    for (const wake of waiters) wake();
  };
  return {
    get length() {
      return events.length;
    },
    push(event) {
      events.push(event);
      wakeAll();
    },
    putBack(event) {
      events.unshift(event);
      wakeAll();
    },
    take: () => events.shift(),
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
