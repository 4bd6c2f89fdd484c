import { AiService } from '@quotemaster/contract/ai';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import { answer } from './answer.ts';
import type { AnswerContext } from './answer.ts';

export function complete(context: AnswerContext): RpcHandler {
  return handleRpc(AiService.method.complete, (request, call) =>
    answer(context, request, call, {
      put: (provider, asked, bounds) => provider.complete(asked, bounds),
      mayAskAgain: () => true,
    }),
  );
}
