import { quoteErrors } from '@quotemaster/contract/quote';
import { AppError } from '@quotemaster/errors';
import type { RpcCall } from '@quotemaster/rpc';
import type { Context } from '../context.ts';

/**
 * Sets or takes away the caller's mark on a quote. Setting what is set already changes and tells nothing.
 * @throws AppError `quote.not_found`.
 */
export async function setFavorite(
  { quotes, postgres, events, clock }: Pick<Context, 'quotes' | 'postgres' | 'events' | 'clock'>,
  call: RpcCall,
  id: string,
  favorite: boolean,
): Promise<void> {
  const { userId } = call.requirePrincipal();
  await postgres.transaction(async (tx) => {
    const quote = await quotes.findForUpdate(tx, userId, id);
    if (quote === undefined) throw new AppError(quoteErrors.notFound);
    if (quote.favorite === favorite) return;
    await quotes.update(tx, { ...quote, favorite, updatedAt: new Date(clock.now()) });
    await (favorite ? events.favorited : events.unfavorited)(tx, call.logger, userId, id);
  });
}
