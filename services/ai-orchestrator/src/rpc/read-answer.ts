import { withPatience } from '../calls/with-patience.ts';
import type { CallBounds } from '../calls/work.ts';
import type { ProviderAnswer, ProviderEvent } from '../providers/provider.ts';

/**
 * Reads a provider's stream to its end, telling its pieces on the way; waits for `tell`, so that a slow reader slows the provider.
 * @throws ProviderError `timeout` when it falls silent; Error when the stream ends without the whole answer.
 */
export async function readAnswer(
  events: AsyncIterable<ProviderEvent>,
  tell: (piece: string) => Promise<void>,
  { firstTokenMs, stallMs, heard, passOn, signal }: Pick<CallBounds, 'firstTokenMs' | 'stallMs' | 'heard' | 'passOn' | 'signal'>,
): Promise<ProviderAnswer> {
  let answer: ProviderAnswer | undefined;
  for await (const event of withPatience(events, { firstMs: firstTokenMs, stallMs })) {
    if (event.kind === 'done') {
      answer = event.answer;
      continue;
    }
    heard(event.text);
    // Whoever was given up has nothing more to say.
    signal.throwIfAborted();
    await passOn(tell(event.text));
  }
  if (answer === undefined) throw new Error("the provider's stream ended without the whole answer");
  return answer;
}
