import { PrivacyService } from '@quotemaster/contract/privacy';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { userStore } from '../store/user-store.ts';

/** This service's part of an erasure: the account, and with it everything that hangs on it. The audit log keeps ids alone. */
export function eraseOwn({ postgres }: Pick<Context, 'postgres'>): RpcHandler {
  return handleRpc(PrivacyService.method.erase, async ({ userId }) => ({
    erasedRecords: (await userStore.delete(postgres.db, userId)) ? 1 : 0,
  }));
}
