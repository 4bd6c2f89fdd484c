/** Gives a slot back. Calling it twice is calling it once. */
export type Release = () => void;

/** Why no slot was given: as many wait as may, or one would come too late. */
export type NoSlot = 'queue_full' | 'too_late';

/** What a wait for a slot came to. */
export type SlotResult = { readonly release: Release } | { readonly refused: NoSlot };

/** So many calls of a provider at once, and so many more that wait for one of them to end. */
export interface Slots {
  readonly inFlight: number;
  readonly waiting: number;
  readonly max: number;
  /** Takes a slot where one is free and nobody waits for it. */
  tryTake(): Release | undefined;
  /**
   * Waits in line for a slot, `forMs` at most; refuses at once where the line is full. Rejects with the signal's reason.
   */
  take(forMs: number, signal: AbortSignal): Promise<SlotResult>;
  /** New bounds; calls under way and in line stay. */
  resize(bounds: SlotBounds): void;
}

export interface SlotBounds {
  readonly inFlightMax: number;
  readonly queueMax: number;
}

/** Creates the slots of one provider. */
export function createSlots(initial: SlotBounds): Slots {
  let bounds = initial;
  let inFlight = 0;
  const line = new Set<() => void>();

  function occupy(): Release {
    inFlight += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      inFlight -= 1;
      callNext();
    };
  }

  function callNext(): void {
    for (const next of line) {
      if (inFlight >= bounds.inFlightMax) return;
      line.delete(next);
      next();
    }
  }

  return {
    get inFlight() {
      return inFlight;
    },
    get waiting() {
      return line.size;
    },
    get max() {
      return bounds.inFlightMax;
    },
    tryTake: () => (inFlight < bounds.inFlightMax && line.size === 0 ? occupy() : undefined),
    async take(forMs, signal) {
      signal.throwIfAborted();
      if (inFlight < bounds.inFlightMax && line.size === 0) return { release: occupy() };
      if (line.size >= bounds.queueMax) return { refused: 'queue_full' };
      if (forMs <= 0) return { refused: 'too_late' };
      const { promise, resolve, reject } = Promise.withResolvers<SlotResult>();
      const called = (): void => resolve({ release: occupy() });
      const leave = (): void => {
        line.delete(called);
      };
      const timer = setTimeout(() => {
        leave();
        resolve({ refused: 'too_late' });
      }, forMs);
      const onAbort = (): void => {
        leave();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      line.add(called);
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      }
    },
    resize(next) {
      bounds = next;
      callNext();
    },
  };
}
