/** A dependency without which the process should get no traffic. */
export interface ReadinessCheck {
  readonly name: string;
  /** Rejects, or gives false, when the dependency can't be used. */
  check(): Promise<unknown> | boolean;
  /** Default 1,000 ms. */
  readonly timeoutMs?: number;
}

/**
 * Creates a function that runs all checks at once and gives the names of those that failed or overran their time.
 *
 * A check that hangs is not started again before it has ended, so that probes never pile up on a slow dependency.
 */
export function createReadiness(checks: readonly ReadinessCheck[]): () => Promise<readonly string[]> {
  const running = new Map<string, Promise<boolean>>();

  function run(check: ReadinessCheck): Promise<boolean> {
    const current = running.get(check.name);
    if (current !== undefined) return current;
    const started = passes(check).finally(() => running.delete(check.name));
    running.set(check.name, started);
    return started;
  }

  return async () => {
    const results = await Promise.all(checks.map((check) => within(run(check), check.timeoutMs ?? 1_000)));
    return checks.filter((_, index) => results[index] !== true).map((check) => check.name);
  };
}

async function passes(check: ReadinessCheck): Promise<boolean> {
  try {
    return (await check.check()) !== false;
  } catch {
    // Why a dependency is away is told by its own log lines; a probe only needs to know that it is.
    return false;
  }
}

async function within(work: Promise<boolean>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
