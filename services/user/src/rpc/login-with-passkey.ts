import type { JsonObject } from '@bufbuild/protobuf';
import { AppError } from '@quotemaster/errors';
import { PasskeyService, authErrors, passkeyErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcCall, RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { usePasskey } from '../credentials/second-factor.ts';
import { withEvents } from '../event-source.ts';
import { userStore } from '../store/user-store.ts';
import type { UserCredentials } from '../store/user-store.ts';
import { openSession } from './issue-tokens.ts';
import { toTokens } from './to-tokens.ts';
import { toUser } from './to-user.ts';

type Needs = Pick<Context, 'clock' | 'newId' | 'postgres' | 'vault' | 'webauthn' | 'signer' | 'events'>;

/** A passkey that has verified its user is two factors at once: what one has, and what one is or knows. */
export function loginWithPasskey(context: Needs): RpcHandler {
  const { postgres, events } = context;
  return handleRpc(PasskeyService.method.loginWithPasskey, async ({ credential = {} }, call) => {
    const user = await findOwner(context, credential, call);
    const answer = await withEvents(postgres, call, async (source) => {
      const { sessionId, answer } = await openSession(source, context, user, call.client);
      await events.signedIn(source, { userId: user.id, sessionId, method: 'passkey' });
      return answer;
    });
    return { user: toUser(user), tokens: toTokens(answer) };
  });
}

/** @throws AppError `auth.invalid_credentials`: why a passkey is refused is nobody's business. */
async function findOwner(context: Needs, credential: JsonObject, call: RpcCall): Promise<UserCredentials> {
  const { postgres, events } = context;
  const refuse = async (userId: string | undefined, reason: 'passkey' | 'inactive', cause?: unknown): Promise<never> => {
    await withEvents(postgres, call, (source) => events.signInRefused(source, { userId, reason }));
    throw new AppError(authErrors.invalidCredentials, { detail: 'This passkey can not sign in here.', reason, cause });
  };
  try {
    const { passkey } = await usePasskey(context, credential, { requireUserVerification: true });
    const user = await userStore.findCredentialsById(postgres.db, passkey.userId);
    return user?.isActive === true ? user : await refuse(passkey.userId, 'inactive');
  } catch (error) {
    if (error instanceof AppError && error.code === passkeyErrors.invalid.code) return refuse(undefined, 'passkey', error);
    throw error;
  }
}
