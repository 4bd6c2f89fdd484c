import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ApiKeyService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { apiKeyStore } from '../store/api-key-store.ts';

/** The last use is written to the minute: a key that is used all the time must not be a row that is written all the time. */
const lastUseStepMs = 60_000;

export function resolveApiKey({ clock, postgres }: Pick<Context, 'clock' | 'postgres'>): RpcHandler {
  return handleRpc(ApiKeyService.method.resolveApiKey, async ({ secretHash }) => {
    const hash = Buffer.from(secretHash);
    const key = await apiKeyStore.findByHash(postgres.db, hash);
    if (key === undefined) return { active: false };
    const now = new Date(clock.now());
    const isPrevious = key.previousHash?.equals(hash) === true;
    const endsAt = earliest(isPrevious ? key.previousUntil : null, key.expiresAt);
    if (!key.isOwnerActive || (endsAt !== undefined && endsAt <= now)) return { active: false };
    if (key.lastUsedAt === null || now.getTime() - key.lastUsedAt.getTime() >= lastUseStepMs)
      await apiKeyStore.touch(postgres.db, key.id, now);
    return {
      active: true,
      keyId: key.id,
      userId: key.userId,
      scopes: key.scopes,
      ...(endsAt === undefined ? {} : { expiresAt: timestampFromDate(endsAt) }),
    };
  });
}

function earliest(...times: (Date | null)[]): Date | undefined {
  return times.filter((time) => time !== null).sort((a, b) => a.getTime() - b.getTime())[0];
}
