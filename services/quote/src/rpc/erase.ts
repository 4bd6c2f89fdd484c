import { PrivacyService } from '@quotemaster/contract/privacy';
import { handleRpc, requireOwnData } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';

/** One transaction's worth: far below the statement timeout. */
const rowsAtOnce = 1_000;

/**
 * Removes the user's quotes, the stored answers of their idempotency keys, which hold quotes too, and the events that
 * name them. Each batch is a transaction: a call that is cut short has removed something and the next goes on.
 */
export function eraseData({ quotes, traces, postgres }: Pick<Context, 'quotes' | 'traces' | 'postgres'>): RpcHandler {
  return handleRpc(PrivacyService.method.erase, async ({ userId }, call) => {
    requireOwnData(call, userId);
    let erasedRecords = 0;
    for (const deleteSome of [quotes.deleteSome, traces.deleteSomeAnswers, traces.deleteSomeEvents]) {
      let deleted: number;
      do {
        call.signal.throwIfAborted();
        deleted = await postgres.transaction((tx) => deleteSome(tx, userId, rowsAtOnce));
        erasedRecords += deleted;
      } while (deleted === rowsAtOnce);
    }
    call.logger.info({ erasedRecords }, "a user's data was erased");
    return { erasedRecords };
  });
}
