/** Events waiting for a slow reader; beyond that whoever tells waits too. */
const waitingMax = 64;

/**
 * Runs work that tells events on its way and has a last one at its end, and gives all of them in order. Telling waits for a slow
 * reader. When the work fails, so does the iteration, after what was told before.
 */
export async function* tellWhileRunning<E>(
  work: (tell: (event: E) => Promise<void>, wasTold: () => boolean) => Promise<E>,
): AsyncGenerator<E> {
  const { readable, writable } = new TransformStream<E, E>({}, { highWaterMark: 1 }, { highWaterMark: waitingMax });
  const writer = writable.getWriter();
  let told = false;
  const tell = async (event: E): Promise<void> => {
    told = true;
    await writer.write(event);
  };
  const last = work(tell, () => told);
  // Either way the events end first: with the last one after them, or by throwing what the work failed with.
  const ended = last.then(
    () => writer.close(),
    (error: unknown) => writer.abort(error),
  );
  for await (const event of readable) yield event;
  await ended;
  yield await last;
}
