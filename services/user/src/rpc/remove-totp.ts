import { AppError } from '@quotemaster/errors';
import { MfaService, mfaErrors, userErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { mfaLeaves } from '../credentials/second-factor.ts';
import { withEvents } from '../event-source.ts';
import type { EventSource } from '../event-source.ts';
import { factorStore } from '../store/factor-store.ts';
import { userStore } from '../store/user-store.ts';
import type { UserCredentials } from '../store/user-store.ts';

export function removeTotp({ postgres, mailbox, events }: Pick<Context, 'postgres' | 'mailbox' | 'events'>): RpcHandler {
  return handleRpc(MfaService.method.removeTotp, async (_request, call) => {
    const { userId } = call.requirePrincipal();
    await withEvents(postgres, call, async (source) => {
      const user = await lockForRemoval(source, userId, 'totp');
      if (!(await factorStore.removeTotp(source.tx, userId))) throw new AppError(mfaErrors.notEnabled);
      await forgetCodesOfNothing(source, userId);
      await events.factorChanged(source, { userId, factor: 'totp', change: 'removed' });
      await mailbox.notify(source.tx, user, 'totp_removed');
    });
    return {};
  });
}

/**
 * Holds an account while one of its factors goes, so that of two removals at once the second sees what the first left.
 * @throws AppError `mfa.longer_password_needed` where a short password would stand alone.
 */
export async function lockForRemoval(source: EventSource, userId: string, factor: 'totp' | 'passkey'): Promise<UserCredentials> {
  const user = await userStore.lock(source.tx, userId);
  if (user === undefined) throw new AppError(userErrors.notFound);
  const counts = await factorStore.count(source.tx, userId);
  if (!user.hasLongPassword && !mfaLeaves(counts, factor)) throw new AppError(mfaErrors.longerPasswordNeeded);
  return user;
}

/** Recovery codes stand in for a factor; with the last of them they go too. */
export async function forgetCodesOfNothing(source: EventSource, userId: string): Promise<void> {
  const { totp, passkeys } = await factorStore.count(source.tx, userId);
  if (!totp && passkeys === 0) await factorStore.replaceRecoveryCodes(source.tx, userId, []);
}
