import { AiService } from '@quotemaster/contract/ai';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { answer } from './answer.ts';

export function complete(context: Pick<Context, 'providers' | 'events' | 'clock' | 'newId'>): RpcHandler {
  return handleRpc(AiService.method.complete, (request, call) =>
    answer(context, request, call, {
      put: (provider, asked, bounds) => provider.complete(asked, bounds),
      mayAskAgain: () => true,
    }),
  );
}
