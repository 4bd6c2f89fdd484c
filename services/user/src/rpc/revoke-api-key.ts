import { AppError } from '@quotemaster/errors';
import { ApiKeyService, apiKeyErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { withEvents } from '../event-source.ts';
import { apiKeyStore } from '../store/api-key-store.ts';

/** Needs no fresh proof: whoever finds a key in the wrong hands must not lose a minute. */
export function revokeApiKey({ postgres, events }: Pick<Context, 'postgres' | 'events'>): RpcHandler {
  return handleRpc(ApiKeyService.method.revokeApiKey, async ({ id }, call) => {
    const { userId } = call.requirePrincipal();
    await withEvents(postgres, call, async (source) => {
      if (!(await apiKeyStore.delete(source.tx, userId, id))) throw new AppError(apiKeyErrors.notFound);
      await events.apiKeyChanged(source, { userId, keyId: id, change: 'revoked' });
    });
    return {};
  });
}
