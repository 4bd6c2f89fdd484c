import { AppError } from '@quotemaster/errors';
import { MfaService, mfaErrors, userErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { hasSecondFactor } from '../credentials/second-factor.ts';
import { withEvents } from '../event-source.ts';
import { factorStore } from '../store/factor-store.ts';
import { userStore } from '../store/user-store.ts';
import { replaceRecoveryCodes } from './confirm-totp.ts';

export function renewRecoveryCodes({ postgres, mailbox, events }: Pick<Context, 'postgres' | 'mailbox' | 'events'>): RpcHandler {
  return handleRpc(MfaService.method.renewRecoveryCodes, async (_request, call) => {
    const { userId } = call.requirePrincipal();
    return withEvents(postgres, call, async (source) => {
      const user = await userStore.lock(source.tx, userId);
      if (user === undefined) throw new AppError(userErrors.notFound);
      if (!hasSecondFactor(await factorStore.count(source.tx, userId))) throw new AppError(mfaErrors.notEnabled);
      const recoveryCodes = await replaceRecoveryCodes(source, userId);
      await events.factorChanged(source, { userId, factor: 'recovery_codes', change: 'renewed' });
      await mailbox.notify(source.tx, user, 'recovery_codes_renewed');
      return { recoveryCodes };
    });
  });
}
