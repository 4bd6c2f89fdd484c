/** Work that is shared by all who ask for the same key while it runs. */
export interface SingleFlight<T> {
  /** Joins the work under `key` that is running; undefined when there is none. */
  join(key: string, signal: AbortSignal | undefined): Promise<T> | undefined;
  /** Starts `work` under `key`. `isCurrent` tells it whether it was forgotten or left by all meanwhile. */
  start(key: string, work: (signal: AbortSignal, isCurrent: () => boolean) => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
  /** Lets those who are waiting wait, but nobody join them. */
  forget(key: string): void;
}

interface Flight<T> {
  readonly result: Promise<T>;
  readonly abandoned: AbortController;
  waiting: number;
}

/**
 * Creates a single flight. A caller whose signal fires leaves with the signal's reason and disturbs nobody; when the last
 * has left, the work's own signal fires. What runs is bounded by who waits.
 */
export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>();

  function drop(key: string, flight: Flight<T>): void {
    if (flights.get(key) === flight) flights.delete(key);
  }

  async function waitFor(key: string, flight: Flight<T>, signal: AbortSignal | undefined): Promise<T> {
    flight.waiting += 1;
    try {
      return await orAborted(flight.result, signal);
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0) {
        drop(key, flight);
        flight.abandoned.abort(new Error('nobody waits for it any more'));
      }
    }
  }

  return {
    join(key, signal) {
      const flight = flights.get(key);
      return flight && waitFor(key, flight, signal);
    },
    async start(key, work, signal) {
      signal?.throwIfAborted();
      const abandoned = new AbortController();
      const result = Promise.resolve().then(() => work(abandoned.signal, () => flights.get(key) === flight));
      const flight: Flight<T> = { result, abandoned, waiting: 0 };
      flights.set(key, flight);
      return await waitFor(key, flight, signal);
    },
    forget: (key) => void flights.delete(key),
  };
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    // The reason is the caller's own, whatever its type.
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
