import { ProviderError } from '../providers/provider-error.ts';

/**
 * Passes a provider's events on, and fails when it lets `firstMs` go by to the first or `stallMs` to any other. The time that the
 * reader takes does not count.
 * @throws ProviderError `timeout`.
 */
export async function* withPatience<T>(
  events: AsyncIterable<T>,
  { firstMs, stallMs }: { firstMs: number; stallMs: number },
): AsyncGenerator<T> {
  const iterator = events[Symbol.asyncIterator]();
  let waitMs = firstMs;
  let isOver = false;
  try {
    for (;;) {
      const step = await nextWithin(iterator, waitMs);
      if (step.done === true) {
        isOver = true;
        return;
      }
      waitMs = stallMs;
      yield step.value;
    }
  } finally {
    // A stream that is stuck answers this no sooner than its events: the signal of the call ends it.
    if (!isOver) iterator.return?.().catch(() => undefined);
  }
}

function nextWithin<T>(iterator: AsyncIterator<T>, ms: number): Promise<IteratorResult<T>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new ProviderError('timeout', `was silent for ${String(ms)} ms`)), ms);
    iterator
      .next()
      .finally(() => clearTimeout(timer))
      .then(resolve, reject);
  });
}
