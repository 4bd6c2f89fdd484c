import { AppError } from '@quotemaster/errors';
import { OAuthService, authErrors, oAuthErrors } from '@quotemaster/contract/user';
import { isUniqueViolation } from '@quotemaster/postgres';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { normaliseEmail } from '../domain/email.ts';
import { withEvents } from '../event-source.ts';
import type { EventSource } from '../event-source.ts';
import type { Identity } from '../oauth/oauth-client.ts';
import { oauthStore } from '../store/oauth-store.ts';
import { userStore } from '../store/user-store.ts';
import type { UserAccount } from '../store/user-store.ts';
import { openSession } from './issue-tokens.ts';
import { linkIdentity, lockIdentity } from './oauth-code.ts';
import { toTokens } from './to-tokens.ts';
import { toUser } from './to-user.ts';

type Needs = Pick<Context, 'clock' | 'newId' | 'postgres' | 'vault' | 'mailbox' | 'signer' | 'events'>;

export function exchangeOauthCode(context: Needs): RpcHandler {
  const { postgres, events } = context;
  return handleRpc(OAuthService.method.exchangeOAuthCode, async (request, call) => {
    try {
      return await withEvents(postgres, call, async (source) => {
        const { identity, hash } = await lockIdentity(source.tx, context, request, 'exchange');
        const method = `oauth:${identity.provider}`;
        const link = await oauthStore.findLink(source.tx, identity.provider, identity.subject);
        // A refusal throws, and the code stays: it may still be linked to an account that is proved otherwise.
        const user = link === undefined ? await makeAccount(source, context, identity) : await userStore.findById(source.tx, link.userId);
        if (user?.isActive !== true) throw new AppError(authErrors.invalidCredentials, { detail: 'This account is closed.' });
        await linkIdentity(source.tx, context, user.id, identity);
        await oauthStore.deleteCode(source.tx, hash);
        const { sessionId, answer } = await openSession(source, context, user, call.client);
        if (link === undefined) await events.registered(source, { userId: user.id, sessionId, method });
        else await events.signedIn(source, { userId: user.id, sessionId, method });
        return { user: toUser(user), tokens: toTokens(answer) };
      });
    } catch (error) {
      // Somebody registered the address at the same moment.
      if (isUniqueViolation(error)) throw new AppError(oAuthErrors.linkRequired, { cause: error });
      throw error;
    }
  });
}

/**
 * Makes an account for somebody new. An address that has one already is not taken for the same person's, whoever says so: the account
 * must be proved too.
 * @throws AppError `oauth.link_required`, `oauth.no_email`
 */
async function makeAccount({ tx }: EventSource, { clock, newId, mailbox }: Needs, identity: Identity): Promise<UserAccount> {
  if (identity.email === undefined) throw new AppError(oAuthErrors.noEmail);
  const email = normaliseEmail(identity.email);
  if ((await userStore.findTaken(tx, { email })).email) throw new AppError(oAuthErrors.linkRequired);
  const user = await userStore.insert(tx, {
    id: newId(),
    email,
    username: null,
    fullName: identity.name?.normalize('NFC') ?? null,
    hashedPassword: null,
    isVerified: identity.isEmailVerified,
    createdAt: new Date(clock.now()),
  });
  if (!identity.isEmailVerified) await mailbox.sendToken(tx, user, 'verify_email');
  return user;
}
