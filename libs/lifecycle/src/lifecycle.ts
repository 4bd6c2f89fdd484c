/** A part of a process that is started in its turn and stopped in reverse. */
export interface Component {
  readonly name: string;
  start?(): Promise<void> | void;
  /** Stops within the lifecycle's time; what is in flight is finished first. Never called before `start` has ended. */
  stop?(): Promise<void> | void;
}

export interface LifecycleLogger {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Lifecycle {
  /** Adds a component behind the ones added before. */
  add(component: Component): void;
  /** Starts all in order. When one fails, those already started are stopped and its error is thrown. */
  start(): Promise<void>;
  /**
   * Turns readiness off, then stops all in reverse order. Safe to call more than once, and during `start`, which then ends
   * after the component in its turn and throws.
   */
  stop(): Promise<void>;
  /** True between the end of `start` and the beginning of `stop`. */
  isReady(): boolean;
  /** Fires at the beginning of `stop`: long waits and streams end on it. */
  readonly stopping: AbortSignal;
}

/**
 * Creates a lifecycle: start in order, stop in reverse, readiness off first.
 *
 * A component whose stop takes longer than `stopTimeoutMs` is left behind and logged: one stuck part can't hold the rest.
 */
export function createLifecycle(options: { logger: LifecycleLogger; stopTimeoutMs?: number }): Lifecycle {
  const { logger, stopTimeoutMs = 10_000 } = options;
  const components: Component[] = [];
  const started: Component[] = [];
  const stopping = new AbortController();
  let ready = false;
  let starting: Promise<void> = Promise.resolve();
  let stopped: Promise<void> | undefined;

  async function startAll(): Promise<void> {
    try {
      for (const component of components) {
        stopping.signal.throwIfAborted();
        await component.start?.();
        started.push(component);
      }
      stopping.signal.throwIfAborted();
      ready = true;
    } catch (error) {
      await stopStarted();
      throw error;
    }
  }

  async function stopStarted(): Promise<void> {
    ready = false;
    stopping.abort(new Error('stopped while starting'));
    for (const component of started.splice(0).reverse()) {
      try {
        await withTimeout(Promise.resolve(component.stop?.()), stopTimeoutMs);
      } catch (error) {
        logger.error({ component: component.name, err: error }, 'a component did not stop cleanly');
      }
    }
  }

  async function stopAll(): Promise<void> {
    ready = false;
    stopping.abort(new Error('stopped while starting'));
    // A component that is just starting is waited for, so that it is stopped like the rest. Whoever called `start` gets its error.
    await withTimeout(starting, stopTimeoutMs).catch((error: unknown) => {
      logger.info({ err: error }, 'the start was not finished');
    });
    await stopStarted();
  }

  return {
    add: (component) => {
      components.push(component);
    },
    start: () => (starting = startAll()),
    stop: () => (stopped ??= stopAll()),
    isReady: () => ready,
    stopping: stopping.signal,
  };
}

async function withTimeout(work: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`not done within ${String(timeoutMs)} ms`));
    }, timeoutMs);
  });
  try {
    await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
