import { timestampDate } from '@bufbuild/protobuf/wkt';
import { apiKeyPrefix, createApiKey as createSecret, hashApiKey } from '@quotemaster/auth';
import { ApiKeyService, apiKeyErrors, userErrors } from '@quotemaster/contract/user';
import { AppError, commonErrors } from '@quotemaster/errors';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import type { Stage } from '../config.ts';
import { withEvents } from '../event-source.ts';
import { apiKeyStore } from '../store/api-key-store.ts';
import { userStore } from '../store/user-store.ts';
import { toApiKey } from './to-api-key.ts';

const keysMax = 50;

/** What stands in a key for the environment it is of: a key of the one is not tried at the other. */
const environments: Record<Stage, string> = { development: 'dev', staging: 'staging', production: 'prod' };

/** Makes the secret of a key of this environment, and what is stored of it. */
export function newSecret(stage: Stage): { secret: string; hash: Buffer; prefix: string } {
  const secret = createSecret(environments[stage]);
  return { secret, hash: hashApiKey(secret), prefix: apiKeyPrefix(secret) };
}

export function createApiKey({
  clock,
  newId,
  postgres,
  stage,
  mailbox,
  events,
}: Pick<Context, 'clock' | 'newId' | 'postgres' | 'stage' | 'mailbox' | 'events'>): RpcHandler {
  return handleRpc(ApiKeyService.method.createApiKey, async ({ name, scopes, expiresAt }, call) => {
    const { userId } = call.requirePrincipal();
    const now = new Date(clock.now());
    const endsAt = expiresAt === undefined ? null : timestampDate(expiresAt);
    if (endsAt !== null && !(endsAt > now))
      throw new AppError(commonErrors.invalidRequest, { fields: [{ field: 'expiresAt', message: 'must be in the future' }] });
    const { secret, hash, prefix } = newSecret(stage);
    const key = await withEvents(postgres, call, async (source) => {
      // Held, so that of two at once the second sees the first.
      const user = await userStore.lock(source.tx, userId);
      if (user === undefined) throw new AppError(userErrors.notFound);
      if ((await apiKeyStore.count(source.tx, userId)) >= keysMax) throw new AppError(apiKeyErrors.tooMany);
      const added = await apiKeyStore.insert(source.tx, {
        id: newId(),
        userId,
        name: name.normalize('NFC'),
        prefix,
        hash,
        scopes,
        createdAt: now,
        expiresAt: endsAt,
      });
      await events.apiKeyChanged(source, { userId, keyId: added.id, change: 'created' });
      await mailbox.notify(source.tx, user, 'api_key_created');
      return added;
    });
    return { apiKey: toApiKey(key), secret };
  });
}
