import { PasskeyService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { factorStore } from '../store/factor-store.ts';
import { readPage } from './page.ts';
import { toPasskey } from './to-passkey.ts';

export function listPasskeys(context: Pick<Context, 'postgres' | 'pageTokens'>): RpcHandler {
  return handleRpc(PasskeyService.method.listPasskeys, async (request, call) => {
    const { userId } = call.requirePrincipal();
    return readPage(context, {
      list: 'passkeys',
      userId,
      request,
      read: (cursor, limit) => factorStore.listPasskeys(context.postgres.db, userId, cursor, limit),
      cursorOf: (row) => row,
      toItem: toPasskey,
    });
  });
}
