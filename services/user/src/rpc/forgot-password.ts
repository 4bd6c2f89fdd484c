import { AuthService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { normaliseEmail } from '../domain/email.ts';
import { withEvents } from '../event-source.ts';
import { mailStore } from '../store/mail-store.ts';
import { userStore } from '../store/user-store.ts';

type Needs = Pick<Context, 'clock' | 'postgres' | 'mailbox' | 'throttle' | 'events'>;

/** The same answer after the same work, whether or not the address has an account, and however often it was asked. */
export function forgotPassword({ clock, postgres, mailbox, throttle, events }: Needs): RpcHandler {
  return handleRpc(AuthService.method.forgotPassword, async (request, call) => {
    const email = normaliseEmail(request.email);
    const user = await userStore.findCredentials(postgres.db, email);
    const mayMail = await throttle.mayMail('reset_password', email);
    await withEvents(postgres, call, async (source) => {
      if (user?.isActive === true && mayMail) await mailbox.sendToken(source.tx, user, 'reset_password');
      else {
        // As many statements as above; no token has this hash.
        await mailStore.takeToken(source.tx, Buffer.alloc(32), 'reset_password', new Date(clock.now()));
        await mailbox.sendNothing(source.tx);
      }
      await events.passwordResetAsked(source, { userId: user?.id });
    });
    return {};
  });
}
