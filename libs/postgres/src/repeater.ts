/** Work that is done again and again, one run at a time. */
export interface Repeater {
  start(): void;
  /** Wakes it before its time; a wake during a run makes one more run follow at once. */
  wake(): void;
  /** Fires the run's signal, waits for the run's end and starts no other. */
  stop(): Promise<void>;
}

export interface RepeaterOptions {
  readonly everyMs: number;
  /** `true` asks for the next run at once. */
  run(signal: AbortSignal): Promise<boolean>;
  onError(error: unknown): void;
}

/** Creates a repeater: a run, a pause of `everyMs` or until woken, a run. A failed run is told and followed by a pause. */
export function createRepeater(options: RepeaterOptions): Repeater {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let woken = false;
  let endPause: (() => void) | undefined;

  function pause(): Promise<void> {
    if (woken || stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, options.everyMs);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      woken = false;
      try {
        if (await options.run(stopping.signal)) continue;
      } catch (error) {
        options.onError(error);
        woken = false;
      }
      await pause();
    }
  }

  return {
    start() {
      running ??= loop();
    },
    wake() {
      woken = true;
      endPause?.();
    },
    async stop() {
      stopping.abort();
      endPause?.();
      await running;
    },
  };
}
