/** A bounded queue between a producer that calls back and a consumer that iterates. */
export interface EventChannel<T> {
  /** Adds an event; waits while the channel is full. Rejects with the signal's reason once it fires. */
  send(event: T): Promise<void>;
  /** No more will come; with an error, the iteration ends by throwing it after what was sent before. */
  close(error?: unknown): void;
  /** To be iterated once. */
  readonly events: AsyncIterable<T>;
}

/**
 * Creates a channel of at most `capacity` events not yet taken, so that a slow consumer slows its producer.
 *
 * `signal` ends waits on both sides: a consumer that has gone away does not hold its producer.
 */
export function createEventChannel<T>(capacity: number, signal: AbortSignal): EventChannel<T> {
  const queue: T[] = [];
  let end: { readonly error?: unknown } | undefined;
  let changed: PromiseWithResolvers<void> = Promise.withResolvers();
  const wake = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  signal.addEventListener('abort', wake, { once: true });

  async function* take(): AsyncGenerator<T> {
    for (;;) {
      const event = queue.shift();
      if (event !== undefined) {
        wake();
        yield event;
      } else if (end === undefined) {
        signal.throwIfAborted();
        await changed.promise;
      } else {
        if ('error' in end) throw end.error;
        return;
      }
    }
  }

  return {
    async send(event) {
      while (queue.length >= capacity && !signal.aborted) await changed.promise;
      signal.throwIfAborted();
      queue.push(event);
      wake();
    },
    close(error) {
      end ??= error === undefined ? {} : { error };
      wake();
    },
    events: take(),
  };
}
