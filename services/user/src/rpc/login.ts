import { AppError } from '@quotemaster/errors';
import { AuthService, authErrors } from '@quotemaster/contract/user';
import type { LoginRequest } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcCall, RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { hasSecondFactor, isFactorRight, methodOf, mfaRequired } from '../credentials/second-factor.ts';
import { normaliseEmail } from '../domain/email.ts';
import { withEvents } from '../event-source.ts';
import { factorStore } from '../store/factor-store.ts';
import { userStore } from '../store/user-store.ts';
import type { UserCredentials } from '../store/user-store.ts';
import { openSession } from './issue-tokens.ts';
import { toTokens } from './to-tokens.ts';
import { toUser } from './to-user.ts';

type Needs = Pick<
  Context,
  'clock' | 'newId' | 'postgres' | 'passwords' | 'throttle' | 'vault' | 'webauthn' | 'mailbox' | 'signer' | 'events'
>;

/** Every refusal is the same answer after the same work: whether an address has an account is nobody's business. */
export function login(context: Needs): RpcHandler {
  const { postgres, events } = context;
  return handleRpc(AuthService.method.login, async (request, call) => {
    const { user, isOutdated } = await checkPassword(context, request, call);
    const factor = await checkFactor(context, user, request, call);

    const answer = await withEvents(postgres, call, async (source) => {
      const { sessionId, answer } = await openSession(source, context, user, call.client);
      await events.signedIn(source, { userId: user.id, sessionId, method: factor === undefined ? 'password' : `password+${factor}` });
      if (factor === 'recovery_code') {
        await events.factorChanged(source, { userId: user.id, factor: 'recovery_code', change: 'used' });
        await context.mailbox.notify(source.tx, user, 'recovery_code_used');
      }
      return answer;
    });
    if (isOutdated) await rehash(context, user, request.password, call);
    return { user: toUser(user), tokens: toTokens(answer) };
  });
}

/** @throws AppError `auth.invalid_credentials`, `auth.throttled` */
async function checkPassword(
  { postgres, passwords, throttle, events }: Needs,
  { email, password }: LoginRequest,
  call: RpcCall,
): Promise<{ user: UserCredentials; isOutdated: boolean }> {
  const account = normaliseEmail(email);
  const user = await userStore.findCredentials(postgres.db, account);
  const attempt = await throttle.admit('password', { account, userId: user?.id, address: call.client?.address });
  const { isRight, isOutdated } = await passwords.verify(password, user?.hashedPassword, call);
  if (user === undefined || !isRight || !user.isActive) {
    const reason = user === undefined ? 'unknown' : isRight ? 'inactive' : 'password';
    await attempt.failed();
    await withEvents(postgres, call, (source) => events.signInRefused(source, { userId: user?.id, reason }));
    throw new AppError(authErrors.invalidCredentials, { reason });
  }
  await attempt.succeeded();
  return { user, isOutdated };
}

/** @throws AppError `auth.mfa_required`, `auth.invalid_credentials`, `auth.throttled` */
async function checkFactor(context: Needs, user: UserCredentials, proof: LoginRequest, call: RpcCall): Promise<string | undefined> {
  const { postgres, throttle, events } = context;
  const counts = await factorStore.count(postgres.db, user.id);
  if (!hasSecondFactor(counts)) return undefined;
  const refuse = (reason: 'mfa_required' | 'factor'): Promise<void> =>
    withEvents(postgres, call, (source) => events.signInRefused(source, { userId: user.id, reason }));
  const method = methodOf(proof);
  if (method === undefined) {
    await refuse('mfa_required');
    throw mfaRequired(counts);
  }
  const attempt = await throttle.admit('factor', { account: user.id, userId: user.id, address: call.client?.address });
  if (await isFactorRight(context, user.id, proof)) {
    await attempt.succeeded();
    return method;
  }
  await attempt.failed();
  await refuse('factor');
  throw new AppError(authErrors.invalidCredentials, { detail: 'The code is wrong, or was used before.', reason: method });
}

/** Hashes a password anew with today's parameters. A failure costs nobody the sign-in: the next one tries again. */
async function rehash({ postgres, passwords }: Needs, user: UserCredentials, password: string, call: RpcCall): Promise<void> {
  if (user.hashedPassword === null) return;
  try {
    const hashed = await passwords.hash(password, call);
    await userStore.replaceHash(postgres.db, user.id, user.hashedPassword, hashed);
    call.logger.info({ userId: user.id }, 'password hashed anew');
  } catch (error) {
    call.logger.warn({ userId: user.id, err: error }, 'password not hashed anew');
  }
}
