import { InferenceService } from '@quotemaster/contract/ai';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import { runRequest } from '../calls/run-request.ts';
import type { RunContext } from '../calls/run-request.ts';
import { chatWork } from './chat-work.ts';
import { toGeneration } from './to-generation.ts';

export function chat(context: RunContext): RpcHandler {
  return handleRpc(InferenceService.method.chat, async (request, call) => {
    const work = chatWork(request, {
      streamed: false,
      put: (provider, asked, bounds) => provider.complete(asked, bounds),
      mayAskAgain: () => true,
    });
    const result = await runRequest(context, work, call);
    const { text, finishReason } = result.value;
    return { text, finishReason, generation: toGeneration(result) };
  });
}
