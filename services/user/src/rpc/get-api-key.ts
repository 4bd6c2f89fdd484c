import { AppError } from '@quotemaster/errors';
import { ApiKeyService, apiKeyErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { apiKeyStore } from '../store/api-key-store.ts';
import { toApiKey } from './to-api-key.ts';

export function getApiKey({ postgres }: Pick<Context, 'postgres'>): RpcHandler {
  return handleRpc(ApiKeyService.method.getApiKey, async ({ id }, call) => {
    const key = await apiKeyStore.find(postgres.db, call.requirePrincipal().userId, id);
    if (key === undefined) throw new AppError(apiKeyErrors.notFound);
    return { apiKey: toApiKey(key) };
  });
}
