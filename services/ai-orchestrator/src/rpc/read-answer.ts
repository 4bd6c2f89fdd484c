import { withPatience } from '../calls/with-patience.ts';
import type { CallBounds } from '../calls/work.ts';
import type { Delta, DeltaSplitter } from '../domain/split-deltas.ts';
import type { ProviderAnswer, ProviderEvent } from '../providers/provider.ts';

/**
 * Reads a provider's stream to its end, telling its deltas on the way; waits for `tell`, so that a slow reader slows the provider.
 * @throws Error when the stream ends without the whole answer.
 */
export async function readAnswer(
  events: AsyncIterable<ProviderEvent>,
  splitter: DeltaSplitter,
  tell: (delta: Delta) => Promise<void>,
  { firstTokenMs, stallMs, heard, signal }: Pick<CallBounds, 'firstTokenMs' | 'stallMs' | 'heard' | 'signal'>,
): Promise<ProviderAnswer> {
  let answer: ProviderAnswer | undefined;
  for await (const event of withPatience(events, { firstMs: firstTokenMs, stallMs })) {
    if (event.kind === 'done') {
      answer = event.answer;
      continue;
    }
    heard(event.text);
    for (const delta of splitter.push(event.text)) {
      // Whoever was given up has nothing more to say.
      signal.throwIfAborted();
      await tell(delta);
    }
  }
  if (answer === undefined) throw new Error("the provider's stream ended without the whole answer");
  for (const delta of splitter.end()) await tell(delta);
  return answer;
}
