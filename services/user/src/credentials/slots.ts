import { AppError, commonErrors } from '@quotemaster/errors';

/** A few places to work in, and a short bounded queue before them. */
export interface Slots {
  /**
   * Runs `work` in a free slot, waiting at most `waitMsMax` for one; first come, first served.
   * @throws AppError `common.overloaded` when the queue is full or the wait too long; the reason of `signal` when it fires while waiting.
   */
  run<T>(work: () => Promise<T>, options: { waitMsMax: number; signal?: AbortSignal }): Promise<T>;
  readonly running: number;
  readonly waiting: number;
}

interface Waiter {
  readonly admit: () => void;
}

/** Creates slots for work that would only get slower if more of it ran at a time. */
export function createSlots({ slots, queueMax }: { slots: number; queueMax: number }): Slots {
  const queue = new Set<Waiter>();
  let running = 0;

  function enter(waitMsMax: number, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(cancelled(signal));
    if (running < slots) {
      running += 1;
      return Promise.resolve();
    }
    if (queue.size >= queueMax) return Promise.reject(overloaded(`${String(queue.size)} are waiting already`));
    if (waitMsMax <= 0) return Promise.reject(overloaded('no time is left to wait'));
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        queue.delete(waiter);
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        leave();
        if (signal !== undefined) reject(cancelled(signal));
      };
      const timer = setTimeout(() => {
        leave();
        reject(overloaded(`no slot within ${String(Math.round(waitMsMax))} ms`));
      }, waitMsMax);
      const waiter: Waiter = {
        admit: () => {
          leave();
          resolve();
        },
      };
      queue.add(waiter);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  function exit(): void {
    // The slot passes on to the first in line; `running` stays as it is then.
    const [next] = queue;
    if (next === undefined) running -= 1;
    else next.admit();
  }

  return {
    async run(work, { waitMsMax, signal }) {
      await enter(waitMsMax, signal);
      try {
        return await work();
      } finally {
        exit();
      }
    },
    get running() {
      return running;
    },
    get waiting() {
      return queue.size;
    },
  };
}

/** The signal of a call bears an AppError that says whether its caller left or its time ran out. */
function cancelled({ reason }: AbortSignal): Error {
  return reason instanceof AppError ? reason : new AppError(commonErrors.cancelled, { cause: reason });
}

function overloaded(reason: string): AppError {
  return new AppError(commonErrors.overloaded, { reason: `password hashing: ${reason}`, retryAfterMs: 1_000 });
}
