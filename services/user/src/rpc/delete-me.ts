import { AppError } from '@quotemaster/errors';
import { UserService, userErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { createSecretToken, hashSecretToken } from '../credentials/secret-token.ts';
import { withEvents } from '../event-source.ts';
import { apiKeyStore } from '../store/api-key-store.ts';
import { erasureStore } from '../store/erasure-store.ts';
import { userStore } from '../store/user-store.ts';
import { endSessions } from './end-sessions.ts';

type Needs = Pick<Context, 'clock' | 'newId' | 'postgres' | 'peers' | 'mailbox' | 'events'>;

/** Closes the account at once, in one transaction with the order to erase it everywhere; the eraser does the rest, however often it must. */
export function deleteMe(context: Needs): RpcHandler {
  const { clock, newId, postgres, peers, mailbox, events } = context;
  return handleRpc(UserService.method.deleteMe, async (_request, call) => {
    const { userId, sessionId = '' } = call.requirePrincipal();
    const receiptId = newId();
    const receiptToken = createSecretToken('qmd_');
    const now = new Date(clock.now());
    await withEvents(postgres, call, async (source) => {
      const { tx } = source;
      const user = await userStore.lock(tx, userId);
      if (user?.isActive !== true) throw new AppError(userErrors.notFound);
      await userStore.setStanding(tx, userId, { isActive: false }, now);
      await erasureStore.insert(tx, { id: receiptId, tokenHash: hashSecretToken(receiptToken), userId, requestedAt: now }, [
        ...peers.names,
        'user',
      ]);
      await events.deletionAsked(source, { userId, sessionId, receiptId });
      for (const keyId of await apiKeyStore.deleteAll(tx, userId)) await events.apiKeyChanged(source, { userId, keyId, change: 'revoked' });
      await endSessions(source, context, { userId, reason: 'account_deleted' });
      await mailbox.notify(tx, user, 'account_deleted');
    });
    return { receiptId, receiptToken };
  });
}
