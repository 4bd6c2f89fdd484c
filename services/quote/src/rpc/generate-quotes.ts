import { QuoteService } from '@quotemaster/contract/quote';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import { generate } from './generate.ts';
import type { GenerateContext } from './generate.ts';

export function generateQuotes(context: GenerateContext): RpcHandler {
  return handleRpc(QuoteService.method.generateQuotes, (request, call) =>
    generate(context, request, call, (ask, timeoutMs) => context.ai.complete(ask, call, timeoutMs)),
  );
}
