import { create, toJsonString } from '@bufbuild/protobuf';
import { PrivacyService } from '@quotemaster/contract/privacy';
import { QuoteSchema } from '@quotemaster/contract/quote';
import { handleRpc, requireOwnData } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import type { Cursor } from '@quotemaster/postgres';
import { toQuoteMessage } from './to-quote-message.ts';

const rowsAtOnce = 200;

/** Gives the user's quotes, newest first, read a page at a time at the reader's pace. */
export function exportData({ quotes }: Pick<Context, 'quotes'>): RpcHandler {
  return handleRpc(PrivacyService.method.export, async function* ({ userId }, call) {
    requireOwnData(call, userId);
    let after: Cursor | undefined;
    do {
      const page = await quotes.list(userId, {}, after, rowsAtOnce);
      for (const quote of page) {
        const message = create(QuoteSchema, toQuoteMessage(quote));
        yield { kind: 'quote', json: toJsonString(QuoteSchema, message, { alwaysEmitImplicit: true }) };
      }
      after = page.length === rowsAtOnce ? page.at(-1) : undefined;
    } while (after !== undefined);
  });
}
