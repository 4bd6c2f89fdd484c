import { quoteErrors, QuoteService } from '@quotemaster/contract/quote';
import { AppError } from '@quotemaster/errors';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';

export function deleteQuote({ quotes, postgres, events }: Pick<Context, 'quotes' | 'postgres' | 'events'>): RpcHandler {
  return handleRpc(QuoteService.method.deleteQuote, async ({ id }, call) => {
    const { userId } = call.requirePrincipal();
    await postgres.transaction(async (tx) => {
      if (!(await quotes.delete(tx, userId, id))) throw new AppError(quoteErrors.notFound);
      await events.deleted(tx, call.logger, userId, id);
    });
    return {};
  });
}
