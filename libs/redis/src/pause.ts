import { setTimeout as sleep } from 'node:timers/promises';

/** Waits `ms`, or until `signal` fires, whichever comes first. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
