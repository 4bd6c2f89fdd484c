/**
 * Waits for a promise, but no longer than until `signal` fires; then rejects with its reason. What the promise comes to after
 * that is nobody's concern any more.
 *
 * A provider should heed the signal itself. One that hangs on a socket all the same must not keep its caller.
 */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  // Promise.race takes a rejection of the loser as handled.
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
