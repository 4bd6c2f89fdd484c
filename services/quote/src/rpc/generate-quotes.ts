import { QuoteService } from '@quotemaster/contract/quote';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { generate } from './generate.ts';

export function generateQuotes(context: Pick<Context, 'quotes' | 'postgres' | 'events' | 'clock' | 'newId' | 'ai'>): RpcHandler {
  return handleRpc(QuoteService.method.generateQuotes, (request, call) =>
    generate(context, request, call, (ask, timeoutMs) => context.ai.complete(ask, call, timeoutMs)),
  );
}
