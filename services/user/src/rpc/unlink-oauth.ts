import { AppError } from '@quotemaster/errors';
import { OAuthService, oAuthErrors, userErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcCall, RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { withEvents } from '../event-source.ts';
import type { ProviderTokens } from '../oauth/oauth-client.ts';
import { factorStore } from '../store/factor-store.ts';
import { oauthStore } from '../store/oauth-store.ts';
import type { OAuthLinkRow } from '../store/oauth-store.ts';
import { userStore } from '../store/user-store.ts';
import { linkContext } from './oauth-code.ts';

type Needs = Pick<Context, 'postgres' | 'vault' | 'oauth' | 'mailbox' | 'events'>;

export function unlinkOauth(context: Needs): RpcHandler {
  const { postgres, mailbox, events } = context;
  return handleRpc(OAuthService.method.unlinkOAuth, async ({ provider }, call) => {
    const { userId } = call.requirePrincipal();
    const link = await withEvents(postgres, call, async (source) => {
      const user = await userStore.lock(source.tx, userId);
      if (user === undefined) throw new AppError(userErrors.notFound);
      const removed = await oauthStore.removeLink(source.tx, userId, provider);
      if (removed === undefined) throw new AppError(oAuthErrors.linkNotFound);
      const isOtherWay =
        user.hashedPassword !== null ||
        (await factorStore.count(source.tx, userId)).passkeys > 0 ||
        (await oauthStore.listLinks(source.tx, userId)).length > 0;
      if (!isOtherWay) throw new AppError(oAuthErrors.lastCredential);
      await events.oauthChanged(source, { userId, provider, change: 'unlinked' });
      await mailbox.notify(source.tx, user, 'oauth_unlinked');
      return removed;
    });
    await endTokens(context, link, call);
    return {};
  });
}

/** Ends the provider's tokens as well. A provider that is away keeps tokens that nobody has any more: they end by themselves. */
export async function endTokens(
  { vault, oauth }: Pick<Needs, 'vault' | 'oauth'>,
  link: OAuthLinkRow,
  { logger }: Pick<RpcCall, 'logger'>,
): Promise<void> {
  if (link.sealedTokens === null) return;
  const { provider, subject } = link;
  try {
    const tokens = JSON.parse(vault.open(link.sealedTokens, linkContext(provider, subject)).toString('utf8')) as ProviderTokens;
    await oauth.revoke(provider, tokens);
  } catch (error) {
    logger.warn({ provider, reason: error instanceof Error ? error.name : 'unknown' }, "a provider's tokens could not be revoked");
  }
}
