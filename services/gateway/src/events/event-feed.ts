import type { ServerEvent } from './server-event.ts';

/** The events of one stream, held for a reader who may come back for them. One writes, one reads. */
export interface EventFeed {
  /** Holds one more event; waits while there is no room that the reader has not left behind. @throws after `fail`. */
  append(event: ServerEvent): Promise<void>;
  /** No more will come. */
  end(): void;
  /** No more will come, and the reader is thrown `error`. */
  fail(error: unknown): void;
  /** Whether everything after the event `id` is still held. */
  holdsAfter(id: number): boolean;
  readonly isRead: boolean;
  /**
   * Gives the events after `id`, then those to come, until the end or until `signal` fires. A reader before it gets no more.
   * @throws whatever the feed failed with, after what came before.
   */
  read(id: number, signal: AbortSignal): AsyncGenerator<ServerEvent>;
}

/** What one feed may hold of events that its reader has had, or has yet to have. */
export const feedBounds = { events: 1_024, bytes: 131_072 } as const;

/** Creates an empty feed. An event larger than all there is room for is held alone. */
export function createEventFeed(onUnread: () => void, bounds: { events: number; bytes: number } = feedBounds): EventFeed {
  const held: ServerEvent[] = [];
  let heldBytes = 0;
  let lastId = 0;
  /** The reader has had all up to this one. */
  let hadId = 0;
  let readers = 0;
  let isRead = false;
  let ended: { readonly error?: unknown } | undefined;
  let change: PromiseWithResolvers<void> = Promise.withResolvers();

  function changed(): void {
    change.resolve();
    change = Promise.withResolvers();
  }
  const firstId = (): number => lastId - held.length + 1;
  const hasRoom = (bytes: number): boolean => held.length === 0 || (held.length < bounds.events && heldBytes + bytes <= bounds.bytes);

  function makeRoom(bytes: number): boolean {
    while (!hasRoom(bytes) && firstId() <= hadId) heldBytes -= sizeOf(held.shift() as ServerEvent);
    return hasRoom(bytes);
  }
  function finish(end: { readonly error?: unknown }): void {
    ended ??= end;
    changed();
  }

  return {
    async append(event) {
      const bytes = sizeOf(event);
      while (ended === undefined && !makeRoom(bytes)) await change.promise;
      if (ended !== undefined) throw ended.error;
      held.push(event);
      heldBytes += bytes;
      lastId = event.id;
      changed();
    },
    end: () => finish({}),
    fail: (error) => finish({ error }),
    holdsAfter: (id) => id >= firstId() - 1 && id <= lastId,
    get isRead() {
      return isRead;
    },
    async *read(id, signal) {
      const self = (readers += 1);
      const isCurrent = (): boolean => self === readers && !signal.aborted;
      isRead = true;
      hadId = id;
      signal.addEventListener('abort', changed);
      // A reader before this one wakes, and finds that it is no more.
      changed();
      try {
        while (isCurrent()) {
          const event = held[hadId + 1 - firstId()];
          if (event !== undefined) {
            yield event;
            if (!isCurrent()) return;
            hadId = event.id;
            changed();
          } else if (ended === undefined) await change.promise;
          else if ('error' in ended) throw ended.error;
          else return;
        }
      } finally {
        signal.removeEventListener('abort', changed);
        if (self === readers) {
          isRead = false;
          onUnread();
        }
      }
    },
  };
}

function sizeOf({ name, data }: ServerEvent): number {
  return Buffer.byteLength(data) + name.length;
}
