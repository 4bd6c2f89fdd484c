import { QuoteService } from '@quotemaster/contract/quote';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { setFavorite } from './set-favorite.ts';

export function favoriteQuote(context: Pick<Context, 'quotes' | 'postgres' | 'events' | 'clock'>): RpcHandler {
  return handleRpc(QuoteService.method.favoriteQuote, async ({ id }, call) => {
    await setFavorite(context, call, id, true);
    return {};
  });
}
