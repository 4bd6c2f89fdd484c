import { PrivacyService } from '@quotemaster/contract/privacy';
import { handleRpc, requireOwnData } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';

const rowsAtOnce = 1_000;

/** Removes the decisions about the user's requests. A call that is cut short has removed something and the next goes on. */
export function eraseData({ decisions, decisionStore }: Pick<Context, 'decisions' | 'decisionStore'>): RpcHandler {
  return handleRpc(PrivacyService.method.erase, async ({ userId }, call) => {
    requireOwnData(call, userId);
    let erasedRecords = await decisions.forget(userId);
    let deleted: number;
    do {
      call.signal.throwIfAborted();
      deleted = await decisionStore.deleteSomeOf(userId, rowsAtOnce);
      erasedRecords += deleted;
    } while (deleted === rowsAtOnce);
    call.logger.info({ erasedRecords }, "a user's data was erased");
    return { erasedRecords };
  });
}
