import type { MessageInitShape } from '@bufbuild/protobuf';
import { InferenceService } from '@quotemaster/contract/ai';
import type { StreamChatResponseSchema } from '@quotemaster/contract/ai';
import { AppError, commonErrors } from '@quotemaster/errors';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import { runRequest } from '../calls/run-request.ts';
import type { RunContext } from '../calls/run-request.ts';
import { chatWork } from './chat-work.ts';
import { readAnswer } from './read-answer.ts';
import { tellWhileRunning } from './tell-while-running.ts';
import { toGeneration } from './to-generation.ts';

type StreamEvent = MessageInitShape<typeof StreamChatResponseSchema>;

/** Once a word of one provider has been told, no other's is put behind it. */
export function streamChat(context: RunContext): RpcHandler {
  return handleRpc(InferenceService.method.streamChat, ({ request }, call): AsyncIterable<StreamEvent> => {
    if (request === undefined) throw new AppError(commonErrors.invalidRequest, { fields: [{ field: 'request', message: 'is required' }] });
    return tellWhileRunning<StreamEvent>(async (tell, wasTold) => {
      const work = chatWork(request, {
        streamed: true,
        put: (provider, asked, bounds) =>
          readAnswer(
            provider.stream(asked, bounds),
            async (delta) => {
              const { decisionId } = bounds;
              if (!wasTold()) await tell({ event: { case: 'started', value: { provider: provider.id, model: asked.model, decisionId } } });
              await tell({ event: { case: 'delta', value: delta } });
            },
            bounds,
          ),
        mayAskAgain: () => !wasTold(),
      });
      const result = await runRequest(context, work, call);
      const { text, finishReason } = result.value;
      return { event: { case: 'done', value: { text, finishReason, generation: toGeneration(result) } } };
    });
  });
}
