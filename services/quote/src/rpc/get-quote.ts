import { quoteErrors, QuoteService } from '@quotemaster/contract/quote';
import { AppError } from '@quotemaster/errors';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { toQuoteMessage } from './to-quote-message.ts';

export function getQuote({ quotes }: Pick<Context, 'quotes'>): RpcHandler {
  return handleRpc(QuoteService.method.getQuote, async ({ id }, call) => {
    const quote = await quotes.find(call.requirePrincipal().userId, id);
    if (quote === undefined) throw new AppError(quoteErrors.notFound);
    return { quote: toQuoteMessage(quote) };
  });
}
