import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CompleteResponse } from '@quotemaster/contract/ai';
import { QuoteService } from '@quotemaster/contract/quote';
import type { StreamGenerateQuotesResponseSchema } from '@quotemaster/contract/quote';
import { AppError, commonErrors } from '@quotemaster/errors';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { createEventChannel } from './event-channel.ts';
import { generate } from './generate.ts';
import type { GenerateContext } from './generate.ts';

type StreamEvent = MessageInitShape<typeof StreamGenerateQuotesResponseSchema>;

/** Deltas waiting for a slow reader; beyond that the model's stream waits too. */
const waitingDeltasMax = 64;

/**
 * Deltas tell what the model writes, also words that are dropped later; the quotes that follow are what was stored. A
 * replay has no deltas.
 */
export function streamGenerateQuotes(context: GenerateContext): RpcHandler {
  return handleRpc(QuoteService.method.streamGenerateQuotes, async function* ({ request }, call): AsyncGenerator<StreamEvent> {
    if (request === undefined) throw new AppError(commonErrors.invalidRequest, { fields: [{ field: 'request', message: 'is required' }] });
    const channel = createEventChannel<StreamEvent>(waitingDeltasMax, call.signal);
    const generated = generate(context, request, call, (ask, timeoutMs, firstIndex) =>
      readStream(context.ai.streamComplete(ask, call, timeoutMs), firstIndex, channel.send),
    );
    generated.then(() => channel.close(), channel.close);

    yield* channel.events;
    const { quotes, generation } = await generated;
    for (const quote of quotes) yield { event: { case: 'quote', value: quote } };
    yield { event: { case: 'done', value: generation === undefined ? {} : { generation } } };
  });
}

async function readStream(
  events: ReturnType<Context['ai']['streamComplete']>,
  firstIndex: number,
  send: (event: StreamEvent) => Promise<void>,
): Promise<CompleteResponse> {
  let whole: CompleteResponse | undefined;
  for await (const { event } of events) {
    if (event.case === 'delta')
      await send({ event: { case: 'delta', value: { index: firstIndex + event.value.index, text: event.value.text } } });
    if (event.case === 'done') whole = event.value;
  }
  if (whole === undefined)
    throw new AppError(commonErrors.unavailable, { reason: "ai-orchestrator's stream ended without its last event" });
  return whole;
}
