import type { MessageInitShape } from '@bufbuild/protobuf';
import { AiService } from '@quotemaster/contract/ai';
import type { StreamCompleteResponseSchema } from '@quotemaster/contract/ai';
import { AppError, commonErrors } from '@quotemaster/errors';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { RunContext } from '../calls/run-request.ts';
import { createDeltaSplitter } from '../domain/split-deltas.ts';
import type { Delta } from '../domain/split-deltas.ts';
import { answer } from './answer.ts';
import { readAnswer } from './read-answer.ts';

type StreamEvent = MessageInitShape<typeof StreamCompleteResponseSchema>;

/** Deltas waiting for a slow reader; beyond that the provider's stream waits too. */
const waitingDeltasMax = 64;

/** An unusable answer is asked for again only while nothing of it has been told: words can't be taken back. */
export function streamComplete(context: RunContext): RpcHandler {
  return handleRpc(AiService.method.streamComplete, async function* ({ request }, call): AsyncGenerator<StreamEvent> {
    if (request === undefined) throw new AppError(commonErrors.invalidRequest, { fields: [{ field: 'request', message: 'is required' }] });
    const { readable, writable } = new TransformStream<Delta, Delta>({}, { highWaterMark: 1 }, { highWaterMark: waitingDeltasMax });
    const writer = writable.getWriter();
    let told = false;
    const tell = async (delta: Delta): Promise<void> => {
      told = true;
      await writer.write(delta);
    };
    const answered = answer(context, request, call, {
      streamed: true,
      put: (provider, asked, bounds) => readAnswer(provider.stream(asked, bounds), createDeltaSplitter(asked.brief.count), tell, bounds),
      mayAskAgain: () => !told,
    });
    // Either way the deltas end first: with the whole answer after them, or by throwing what the answer failed with.
    const ended = answered.then(
      () => writer.close(),
      (error: unknown) => writer.abort(error),
    );

    for await (const delta of readable) yield { event: { case: 'delta', value: delta } };
    await ended;
    yield { event: { case: 'done', value: await answered } };
  });
}
