import { AppError, commonErrors } from '@quotemaster/errors';
import { AuthService, authErrors } from '@quotemaster/contract/user';
import { isUniqueViolation } from '@quotemaster/postgres';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcCall, RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { requireStrongPassword } from '../credentials/password-policy.ts';
import { normaliseEmail } from '../domain/email.ts';
import { withEvents } from '../event-source.ts';
import { userStore } from '../store/user-store.ts';
import { openSession } from './issue-tokens.ts';
import { toTokens } from './to-tokens.ts';
import { toUser } from './to-user.ts';

type Needs = Pick<Context, 'clock' | 'newId' | 'postgres' | 'passwords' | 'breached' | 'mailbox' | 'signer' | 'events'>;

export function register(context: Needs): RpcHandler {
  return handleRpc(AuthService.method.register, async (request, call) => {
    const owner = { email: normaliseEmail(request.email), username: request.username, fullName: request.fullName?.normalize('NFC') };
    requireStrongPassword(request.password, owner, { breached: context.breached, hasSecondFactor: false });
    // Asked before the hash, which is dear; the unique indexes answer again for whoever was quicker meanwhile.
    await requireFree(context, owner, call);
    const hashedPassword = await context.passwords.hash(request.password, call);

    try {
      const { user, answer } = await withEvents(context.postgres, call, async (source) => {
        const user = await userStore.insert(source.tx, {
          id: context.newId(),
          email: owner.email,
          username: owner.username ?? null,
          fullName: owner.fullName ?? null,
          hashedPassword,
          createdAt: new Date(context.clock.now()),
        });
        const { sessionId, answer } = await openSession(source, context, user, call.client);
        await context.events.registered(source, { userId: user.id, sessionId });
        await context.mailbox.sendToken(source.tx, user, 'verify_email');
        return { user, answer };
      });
      return { user: toUser(user), tokens: toTokens(answer) };
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      await requireFree(context, owner, call);
      throw new AppError(commonErrors.unavailable, {
        reason: 'an account stood in the way and is gone',
        retryAfterMs: 1_000,
        cause: error,
      });
    }
  });
}

/** @throws AppError `user.email_taken`, `user.username_taken` */
async function requireFree(
  { postgres, events }: Needs,
  names: { email: string; username: string | undefined },
  call: RpcCall,
): Promise<void> {
  const taken = await userStore.findTaken(postgres.db, names);
  if (!taken.email && !taken.username) return;
  await withEvents(postgres, call, (source) => events.registrationRefused(source, { taken: taken.email ? 'email' : 'username' }));
  throw new AppError(taken.email ? authErrors.emailTaken : authErrors.usernameTaken);
}
