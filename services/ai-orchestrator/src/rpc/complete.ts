import { AiService } from '@quotemaster/contract/ai';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { RunContext } from '../calls/run-request.ts';
import { answer } from './answer.ts';

export function complete(context: RunContext): RpcHandler {
  return handleRpc(AiService.method.complete, (request, call) =>
    answer(context, request, call, {
      streamed: false,
      put: (provider, asked, bounds) => provider.complete(asked, bounds),
      mayAskAgain: () => true,
    }),
  );
}
