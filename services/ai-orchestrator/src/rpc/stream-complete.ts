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
import { tellWhileRunning } from './tell-while-running.ts';

type StreamEvent = MessageInitShape<typeof StreamCompleteResponseSchema>;

/** An unusable answer is asked for again only while nothing of it has been told: words can't be taken back. */
export function streamComplete(context: RunContext): RpcHandler {
  return handleRpc(AiService.method.streamComplete, ({ request }, call): AsyncIterable<StreamEvent> => {
    if (request === undefined) throw new AppError(commonErrors.invalidRequest, { fields: [{ field: 'request', message: 'is required' }] });
    return tellWhileRunning<StreamEvent>(async (tell, wasTold) => {
      const tellAll = async (deltas: readonly Delta[]): Promise<void> => {
        for (const delta of deltas) await tell({ event: { case: 'delta', value: delta } });
      };
      const value = await answer(context, request, call, {
        streamed: true,
        put: async (provider, asked, bounds) => {
          const splitter = createDeltaSplitter(asked.brief.count);
          const written = await readAnswer(provider.stream(asked, bounds), (piece) => tellAll(splitter.push(piece)), bounds);
          await tellAll(splitter.end());
          return written;
        },
        mayAskAgain: () => !wasTold(),
      });
      return { event: { case: 'done', value } };
    });
  });
}
