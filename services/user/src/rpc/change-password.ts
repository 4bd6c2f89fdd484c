import { AppError } from '@quotemaster/errors';
import { UserService, userErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { requireStrongPassword } from '../credentials/password-policy.ts';
import { hasSecondFactor } from '../credentials/second-factor.ts';
import { withEvents } from '../event-source.ts';
import { factorStore } from '../store/factor-store.ts';
import { mailStore } from '../store/mail-store.ts';
import { userStore } from '../store/user-store.ts';
import { endSessions } from './end-sessions.ts';
import { toOwner } from './reset-password.ts';

type Needs = Pick<Context, 'clock' | 'postgres' | 'passwords' | 'breached' | 'mailbox' | 'events'>;

export function changePassword(context: Needs): RpcHandler {
  const { clock, postgres, passwords, breached, mailbox, events } = context;
  return handleRpc(UserService.method.changePassword, async ({ password }, call) => {
    const { userId, sessionId } = call.requirePrincipal();
    const found = await userStore.findById(postgres.db, userId);
    if (found === undefined) throw new AppError(userErrors.notFound);
    // Judged before the hash, which is dear, and again where nothing can change meanwhile.
    const judge = async (): Promise<{ isLong: boolean }> =>
      requireStrongPassword(password, toOwner(found), {
        breached,
        hasSecondFactor: hasSecondFactor(await factorStore.count(postgres.db, userId)),
      });
    await judge();
    const hashed = await passwords.hash(password, call);
    const now = new Date(clock.now());
    await withEvents(postgres, call, async (source) => {
      const user = await userStore.lock(source.tx, userId);
      if (user === undefined) throw new AppError(userErrors.notFound);
      const { isLong } = await judge();
      await userStore.setPassword(source.tx, userId, { hashed, isLong }, now);
      await mailStore.deleteTokens(source.tx, userId);
      await events.passwordChanged(source, { userId, by: 'owner' });
      await endSessions(source, context, { userId, reason: 'password_changed', exceptId: sessionId });
      await mailbox.notify(source.tx, user, 'password_changed');
    });
    return {};
  });
}
