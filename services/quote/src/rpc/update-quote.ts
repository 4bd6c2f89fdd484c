import { quoteErrors, QuoteService } from '@quotemaster/contract/quote';
import { AppError } from '@quotemaster/errors';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { changeQuote, parseChangeableFields } from '../domain/change-quote.ts';
import { toQuoteMessage } from './to-quote-message.ts';

export function updateQuote({ quotes, postgres, events, clock }: Pick<Context, 'quotes' | 'postgres' | 'events' | 'clock'>): RpcHandler {
  return handleRpc(QuoteService.method.updateQuote, async ({ id, text, author, tags, updateMask }, call) => {
    const { userId } = call.requirePrincipal();
    const fields = parseChangeableFields(updateMask?.paths ?? []);
    const changed = await postgres.transaction(async (tx) => {
      const quote = await quotes.findForUpdate(tx, userId, id);
      if (quote === undefined) throw new AppError(quoteErrors.notFound);
      const changed = changeQuote(quote, { fields, text, author, tags }, new Date(clock.now()));
      await quotes.update(tx, changed);
      await events.updated(tx, call.logger, changed, fields);
      return changed;
    });
    return { quote: toQuoteMessage(changed) };
  });
}
