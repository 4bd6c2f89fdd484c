import { AppError } from '@quotemaster/errors';
import { AuthService, authErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcCall, RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { normaliseEmail } from '../domain/email.ts';
import { withEvents } from '../event-source.ts';
import { userStore } from '../store/user-store.ts';
import type { UserCredentials } from '../store/user-store.ts';
import { openSession } from './issue-tokens.ts';
import { toTokens } from './to-tokens.ts';
import { toUser } from './to-user.ts';

type Needs = Pick<Context, 'clock' | 'newId' | 'postgres' | 'passwords' | 'signer' | 'events'>;

/** Every refusal is the same answer after the same work: whether an address has an account is nobody's business. */
export function login(context: Needs): RpcHandler {
  const { postgres, passwords, events } = context;
  return handleRpc(AuthService.method.login, async (request, call) => {
    const user = await userStore.findCredentials(postgres.db, normaliseEmail(request.email));
    const { isRight, isOutdated } = await passwords.verify(request.password, user?.hashedPassword, call);
    if (user === undefined || !isRight || !user.isActive) {
      const reason = user === undefined ? 'unknown' : isRight ? 'inactive' : 'password';
      await withEvents(postgres, call, (source) => events.signInRefused(source, { userId: user?.id, reason }));
      throw new AppError(authErrors.invalidCredentials, { reason });
    }

    const answer = await withEvents(postgres, call, async (source) => {
      const { sessionId, answer } = await openSession(source.tx, context, user, call.client);
      await events.signedIn(source, { userId: user.id, sessionId });
      return answer;
    });
    if (isOutdated) await rehash(context, user, request.password, call);
    return { user: toUser(user), tokens: toTokens(answer) };
  });
}

/** Hashes a password anew with today's parameters. A failure costs nobody the sign-in: the next one tries again. */
async function rehash({ postgres, passwords }: Needs, user: UserCredentials, password: string, call: RpcCall): Promise<void> {
  try {
    const hashed = await passwords.hash(password, call);
    await userStore.replaceHash(postgres.db, user.id, user.hashedPassword, hashed);
    call.logger.info({ userId: user.id }, 'password hashed anew');
  } catch (error) {
    call.logger.warn({ userId: user.id, err: error }, 'password not hashed anew');
  }
}
