import { AppError } from '@quotemaster/errors';
import { PasskeyService, passkeyErrors, userErrors } from '@quotemaster/contract/user';
import { isUniqueViolation } from '@quotemaster/postgres';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { challengeOf } from '../credentials/webauthn.ts';
import { withEvents } from '../event-source.ts';
import { factorStore } from '../store/factor-store.ts';
import { userStore } from '../store/user-store.ts';
import { giveFirstRecoveryCodes } from './confirm-totp.ts';
import { toPasskey } from './to-passkey.ts';

const passkeysMax = 20;

type Needs = Pick<Context, 'clock' | 'newId' | 'postgres' | 'webauthn' | 'mailbox' | 'events'>;

export function registerPasskey({ clock, newId, postgres, webauthn, mailbox, events }: Needs): RpcHandler {
  return handleRpc(PasskeyService.method.registerPasskey, async ({ credential, name = 'Passkey' }, call) => {
    const { userId } = call.requirePrincipal();
    const now = new Date(clock.now());
    const challenge = await factorStore.takeChallenge(postgres.db, challengeOf(credential), 'register', now);
    if (challenge?.userId !== userId) throw new AppError(passkeyErrors.invalid, { reason: 'no challenge of ours for this user' });
    const verified = await webauthn.verifyRegistration(credential);
    try {
      return await withEvents(postgres, call, async (source) => {
        const user = await userStore.lock(source.tx, userId);
        if (user === undefined) throw new AppError(userErrors.notFound);
        if ((await factorStore.count(source.tx, userId)).passkeys >= passkeysMax) throw new AppError(passkeyErrors.tooMany);
        const passkey = {
          id: newId(),
          userId,
          name: name.normalize('NFC'),
          ...verified,
          transports: [...verified.transports],
          createdAt: now,
        };
        await factorStore.addPasskey(source.tx, passkey);
        const recoveryCodes = await giveFirstRecoveryCodes(source, userId);
        await events.factorChanged(source, { userId, factor: 'passkey', change: 'added' });
        await mailbox.notify(source.tx, user, 'passkey_added');
        return { passkey: toPasskey({ ...passkey, lastUsedAt: null }), recoveryCodes };
      });
    } catch (error) {
      if (isUniqueViolation(error)) throw new AppError(passkeyErrors.exists, { cause: error });
      throw error;
    }
  });
}
