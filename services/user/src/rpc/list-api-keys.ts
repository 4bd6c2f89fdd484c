import { ApiKeyService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { apiKeyStore } from '../store/api-key-store.ts';
import { readPage } from './page.ts';
import { toApiKey } from './to-api-key.ts';

export function listApiKeys(context: Pick<Context, 'postgres' | 'pageTokens'>): RpcHandler {
  return handleRpc(ApiKeyService.method.listApiKeys, async (request, call) => {
    const { userId } = call.requirePrincipal();
    return readPage(context, {
      list: 'api-keys',
      userId,
      request,
      read: (cursor, limit) => apiKeyStore.list(context.postgres.db, userId, cursor, limit),
      cursorOf: (row) => row,
      toItem: toApiKey,
    });
  });
}
