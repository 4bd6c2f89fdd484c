import { NobodyReads } from '../calls/work.ts';

/** Events waiting for a slow reader; beyond that whoever tells waits too. */
const waitingMax = 64;

/**
 * Runs work that tells events on its way and has a last one at its end, and gives all of them in order. Telling waits for a slow
 * reader. When the work fails, so does the iteration, after what was told before.
 */
export async function* tellWhileRunning<E extends object>(
  work: (tell: (event: E) => Promise<void>, wasTold: () => boolean) => Promise<E>,
): AsyncGenerator<E> {
  const waiting: E[] = [];
  let told = false;
  let isOver = false;
  const hasEnded = (): boolean => isOver;
  let isDeaf = false;
  const hasReader = (): boolean => !isDeaf;
  let wakeReader = (): void => undefined;
  let wakeTeller = (): void => undefined;
  const tell = async (event: E): Promise<void> => {
    told = true;
    while (waiting.length >= waitingMax && hasReader()) await new Promise<void>((resolve) => (wakeTeller = resolve));
    if (!hasReader()) throw new NobodyReads();
    waiting.push(event);
    wakeReader();
  };
  const last = work(tell, () => told).finally(() => {
    isOver = true;
    wakeReader();
  });
  // It is awaited after the events, at the end.
  last.catch(() => undefined);
  try {
    for (;;) {
      const event = waiting.shift();
      if (event !== undefined) {
        wakeTeller();
        yield event;
      } else if (hasEnded()) break;
      else await new Promise<void>((resolve) => (wakeReader = resolve));
    }
    yield await last;
  } finally {
    isDeaf = true;
    wakeTeller();
  }
}
