import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { CreateQuoteRequestSchema, CreateQuoteResponseSchema, QuoteService } from '@quotemaster/contract/quote';
import { idempotent } from '@quotemaster/postgres';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { ownQuote } from '../domain/own-quote.ts';
import { idempotencyOf } from './idempotency-of.ts';
import { toQuoteMessage } from './to-quote-message.ts';

/** The same words may be kept more than once: who writes them down again means it. */
export function createQuote({
  quotes,
  postgres,
  events,
  clock,
  newId,
}: Pick<Context, 'quotes' | 'postgres' | 'events' | 'clock' | 'newId'>): RpcHandler {
  return handleRpc(QuoteService.method.createQuote, async (request, call) => {
    const { userId } = call.requirePrincipal();
    const terms = { ...idempotencyOf(call, 'CreateQuote', CreateQuoteRequestSchema, request), clock };
    const quote = ownQuote(request, { id: newId(), userId, now: new Date(clock.now()) });
    const { answer, replayed } = await idempotent(postgres, terms, {
      execute: () => Promise.resolve(),
      store: async (tx) => {
        await quotes.insert(tx, quote);
        await events.created(tx, call.logger, quote);
        return toBinary(CreateQuoteResponseSchema, create(CreateQuoteResponseSchema, { quote: toQuoteMessage(quote) }));
      },
    });
    if (replayed) call.setReplayed();
    return fromBinary(CreateQuoteResponseSchema, answer);
  });
}
