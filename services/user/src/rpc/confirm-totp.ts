import { AppError } from '@quotemaster/errors';
import { MfaService, mfaErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { createRecoveryCodes, hashRecoveryCode } from '../credentials/recovery-codes.ts';
import { openTotpSecret } from '../credentials/second-factor.ts';
import { findTotpStep } from '../credentials/totp.ts';
import { withEvents } from '../event-source.ts';
import type { EventSource } from '../event-source.ts';
import { factorStore } from '../store/factor-store.ts';
import { userStore } from '../store/user-store.ts';

type Needs = Pick<Context, 'clock' | 'postgres' | 'vault' | 'throttle' | 'mailbox' | 'events'>;

export function confirmTotp(context: Needs): RpcHandler {
  const { clock, postgres, vault, throttle, mailbox, events } = context;
  return handleRpc(MfaService.method.confirmTotp, async ({ code }, call) => {
    const { userId } = call.requirePrincipal();
    const factor = await factorStore.findTotp(postgres.db, userId);
    if (factor === undefined) throw new AppError(mfaErrors.notEnabled);
    if (factor.confirmedAt !== null) throw new AppError(mfaErrors.alreadyEnabled);
    const attempt = await throttle.admit('factor', { account: userId, userId, address: call.client?.address });
    const step = findTotpStep(openTotpSecret({ vault }, userId, factor.sealedSecret), code, clock.now());
    if (step === undefined || !(await factorStore.takeStep(postgres.db, userId, step))) {
      await attempt.failed();
      throw new AppError(mfaErrors.codeInvalid);
    }
    await attempt.succeeded();
    return withEvents(postgres, call, async (source) => {
      const user = await userStore.lock(source.tx, userId);
      const isConfirmed = await factorStore.confirmTotp(source.tx, userId, new Date(clock.now()));
      if (user === undefined || !isConfirmed) throw new AppError(mfaErrors.alreadyEnabled);
      await events.factorChanged(source, { userId, factor: 'totp', change: 'added' });
      await mailbox.notify(source.tx, user, 'totp_added');
      return { recoveryCodes: await giveFirstRecoveryCodes(source, userId) };
    });
  });
}

/** Makes ten recovery codes where there are none left: whoever loses the factor must get in without it. */
export async function giveFirstRecoveryCodes(source: EventSource, userId: string): Promise<string[]> {
  const { recoveryCodesLeft } = await factorStore.count(source.tx, userId);
  return recoveryCodesLeft > 0 ? [] : replaceRecoveryCodes(source, userId);
}

/** Makes ten recovery codes; older ones stop working. */
export async function replaceRecoveryCodes(source: EventSource, userId: string): Promise<string[]> {
  const codes = createRecoveryCodes();
  await factorStore.replaceRecoveryCodes(source.tx, userId, codes.map(hashRecoveryCode));
  return codes;
}
