import { AppError } from '@quotemaster/errors';
import { ApiKeyService, apiKeyErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { withEvents } from '../event-source.ts';
import { apiKeyStore } from '../store/api-key-store.ts';
import { newSecret } from './create-api-key.ts';
import { toApiKey } from './to-api-key.ts';

const graceSecondsDefault = 24 * 3_600;

export function rotateApiKey({ clock, postgres, stage, events }: Pick<Context, 'clock' | 'postgres' | 'stage' | 'events'>): RpcHandler {
  return handleRpc(ApiKeyService.method.rotateApiKey, async ({ id, graceSeconds = graceSecondsDefault }, call) => {
    const { userId } = call.requirePrincipal();
    const { secret, hash, prefix } = newSecret(stage);
    const previousUntil = new Date(clock.now() + graceSeconds * 1_000);
    const key = await withEvents(postgres, call, async (source) => {
      const rotated = await apiKeyStore.rotate(source.tx, { userId, id }, { hash, prefix, previousUntil });
      if (rotated === undefined) throw new AppError(apiKeyErrors.notFound);
      await events.apiKeyChanged(source, { userId, keyId: id, change: 'rotated' });
      return rotated;
    });
    return { apiKey: toApiKey(key), secret };
  });
}
