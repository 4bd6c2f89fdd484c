import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until `condition` gives something truthy, and gives that; for states that no event announces.
 *
 * A condition that throws counts as not yet; the last error is the cause when time is up.
 * @throws Error naming `what` after `timeoutMs`.
 */
export async function waitUntil<T>(
  what: string,
  condition: () => T | Promise<T>,
  { timeoutMs = 5_000, intervalMs = 10 }: { timeoutMs?: number; intervalMs?: number } = {},
): Promise<NonNullable<T>> {
  const end = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= end) throw new Error(`waited ${timeoutMs} ms in vain for: ${what}`, { cause });
    await sleep(intervalMs);
  }
}
