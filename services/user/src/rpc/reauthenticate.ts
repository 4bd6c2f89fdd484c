import { AppError, commonErrors } from '@quotemaster/errors';
import { AuthService, authErrors } from '@quotemaster/contract/user';
import type { ReauthenticateRequest } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcCall, RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { isFactorRight, methodOf } from '../credentials/second-factor.ts';
import { withEvents } from '../event-source.ts';
import { sessionStore } from '../store/session-store.ts';
import { userStore } from '../store/user-store.ts';

type Needs = Pick<Context, 'clock' | 'postgres' | 'passwords' | 'throttle' | 'vault' | 'webauthn' | 'events'>;

export function reauthenticate(context: Needs): RpcHandler {
  const { clock, postgres, throttle, events } = context;
  return handleRpc(AuthService.method.reauthenticate, async (request, call) => {
    const { userId, sessionId = '' } = call.requirePrincipal();
    const method = request.password === undefined ? methodOf(request) : 'password';
    if (method === undefined) throw new AppError(commonErrors.invalidRequest, { detail: 'Send one of password, totpCode or passkey.' });
    const attempt = await throttle.admit('reauthentication', { account: userId, userId, address: call.client?.address });
    if (!(await isRight(context, userId, request, call))) {
      await attempt.failed();
      await withEvents(postgres, call, (source) => events.reauthenticationRefused(source, { userId, sessionId, method }));
      throw new AppError(authErrors.invalidCredentials, { detail: 'That is not right. Please try again.', reason: method });
    }
    await attempt.succeeded();
    await withEvents(postgres, call, async (source) => {
      await sessionStore.setAuthenticated(source.tx, sessionId, new Date(clock.now()));
      await events.reauthenticated(source, { userId, sessionId, method });
    });
    return {};
  });
}

async function isRight(context: Needs, userId: string, request: ReauthenticateRequest, call: RpcCall): Promise<boolean> {
  if (request.password === undefined) return isFactorRight(context, userId, request);
  const user = await userStore.findCredentialsById(context.postgres.db, userId);
  return (await context.passwords.verify(request.password, user?.hashedPassword, call)).isRight;
}
