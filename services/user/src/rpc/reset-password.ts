import { AppError } from '@quotemaster/errors';
import { AuthService, authErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { requireStrongPassword } from '../credentials/password-policy.ts';
import { hasSecondFactor } from '../credentials/second-factor.ts';
import { hashSecretToken } from '../credentials/secret-token.ts';
import { withEvents } from '../event-source.ts';
import type { EventSource } from '../event-source.ts';
import { apiKeyStore } from '../store/api-key-store.ts';
import { factorStore } from '../store/factor-store.ts';
import { mailStore } from '../store/mail-store.ts';
import { oauthStore } from '../store/oauth-store.ts';
import { userStore } from '../store/user-store.ts';
import { endSessions } from './end-sessions.ts';

type Needs = Pick<Context, 'clock' | 'postgres' | 'passwords' | 'breached' | 'mailbox' | 'events'>;

export function resetPassword(context: Needs): RpcHandler {
  const { clock, postgres, passwords, mailbox, events } = context;
  return handleRpc(AuthService.method.resetPassword, async ({ token, password }, call) => {
    // Hashed before the transaction, which must not wait for a core.
    const hashed = await passwords.hash(password, call);
    const now = new Date(clock.now());
    await withEvents(postgres, call, async (source) => {
      const { tx } = source;
      const proof = await mailStore.takeToken(tx, hashSecretToken(token), 'reset_password', now);
      const user = proof === undefined ? undefined : await userStore.lock(tx, proof.userId);
      if (user?.isActive !== true || user.email !== proof?.email) throw new AppError(authErrors.tokenInvalid);
      if (!user.isVerified) await dispossess(source, context, user.id);
      const counts = await factorStore.count(tx, user.id);
      // A weak one throws, and the token is unspent: another password may be tried.
      const { isLong } = requireStrongPassword(password, toOwner(user), {
        breached: context.breached,
        hasSecondFactor: hasSecondFactor(counts),
      });
      await userStore.setPassword(tx, user.id, { hashed, isLong }, now);
      // Whoever has read the mail has the address.
      if (!user.isVerified) await userStore.setVerified(tx, user.id, now);
      await mailStore.deleteTokens(tx, user.id);
      await events.passwordChanged(source, { userId: user.id, by: 'reset' });
      await endSessions(source, context, { userId: user.id, reason: 'password_reset' });
      await mailbox.notify(tx, user, 'password_changed');
    });
    return {};
  });
}

/**
 * Takes away what was put into an account before anybody proved its address: that may have been a stranger, waiting for the owner to
 * come (a pre-hijacked account).
 */
async function dispossess(source: EventSource, { events }: Needs, userId: string): Promise<void> {
  await factorStore.removeAll(source.tx, userId);
  await oauthStore.removeLinks(source.tx, userId);
  for (const keyId of await apiKeyStore.deleteAll(source.tx, userId))
    await events.apiKeyChanged(source, { userId, keyId, change: 'revoked' });
}

/** The names that a password must not hold. */
export function toOwner(user: { email: string; username: string | null; fullName: string | null }) {
  return { email: user.email, username: user.username ?? undefined, fullName: user.fullName ?? undefined };
}
