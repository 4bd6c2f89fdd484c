import { AppError } from '@quotemaster/errors';
import { OAuthService, oAuthErrors, userErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { withEvents } from '../event-source.ts';
import { oauthStore } from '../store/oauth-store.ts';
import { userStore } from '../store/user-store.ts';
import { linkIdentity, lockIdentity } from './oauth-code.ts';

type Needs = Pick<Context, 'clock' | 'postgres' | 'vault' | 'mailbox' | 'events'>;

/** Both ends are proved here: the account by a session that signed in just now, the provider's by the code. */
export function linkOauth(context: Needs): RpcHandler {
  const { postgres, mailbox, events } = context;
  return handleRpc(OAuthService.method.linkOAuth, async (request, call) => {
    const { userId } = call.requirePrincipal();
    await withEvents(postgres, call, async (source) => {
      const { identity, hash } = await lockIdentity(source.tx, context, request, 'link');
      const user = await userStore.lock(source.tx, userId);
      if (user === undefined) throw new AppError(userErrors.notFound);
      const link = await oauthStore.findLink(source.tx, identity.provider, identity.subject);
      if (link !== undefined && link.userId !== userId) throw new AppError(oAuthErrors.linkedElsewhere);
      await linkIdentity(source.tx, context, userId, identity);
      await oauthStore.deleteCode(source.tx, hash);
      await events.oauthChanged(source, { userId, provider: identity.provider, change: 'linked' });
      await mailbox.notify(source.tx, user, 'oauth_linked');
    });
    return {};
  });
}
