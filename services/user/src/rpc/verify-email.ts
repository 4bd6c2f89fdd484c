import { AppError } from '@quotemaster/errors';
import { AuthService, authErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { hashSecretToken } from '../credentials/secret-token.ts';
import { withEvents } from '../event-source.ts';
import { mailStore } from '../store/mail-store.ts';
import { userStore } from '../store/user-store.ts';

export function verifyEmail({ clock, postgres, events }: Pick<Context, 'clock' | 'postgres' | 'events'>): RpcHandler {
  return handleRpc(AuthService.method.verifyEmail, async ({ token }, call) => {
    const now = new Date(clock.now());
    await withEvents(postgres, call, async (source) => {
      const proof = await mailStore.takeToken(source.tx, hashSecretToken(token), 'verify_email', now);
      const user = proof === undefined ? undefined : await userStore.findById(source.tx, proof.userId);
      // A token proves the address it was sent to, and that alone.
      if (user === undefined || user.email !== proof?.email) throw new AppError(authErrors.tokenInvalid);
      await userStore.setVerified(source.tx, user.id, now);
      await events.emailVerified(source, { userId: user.id });
    });
    return {};
  });
}
