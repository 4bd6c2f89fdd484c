import { AppError } from '@quotemaster/errors';
import { AuthService, authErrors, userErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { userStore } from '../store/user-store.ts';

/** Nothing is sent to an address that is proved already. */
export function sendVerification({ postgres, mailbox, throttle }: Pick<Context, 'postgres' | 'mailbox' | 'throttle'>): RpcHandler {
  return handleRpc(AuthService.method.sendVerification, async (_request, call) => {
    const user = await userStore.findById(postgres.db, call.requirePrincipal().userId);
    if (user === undefined) throw new AppError(userErrors.notFound);
    if (user.isVerified) return {};
    if (!(await throttle.mayMail('verify_email', user.email)))
      throw new AppError(authErrors.throttled, { reason: 'mail', retryAfterMs: 10 * 60_000 });
    await postgres.transaction((tx) => mailbox.sendToken(tx, user, 'verify_email'));
    return {};
  });
}
