import { AppError } from '@quotemaster/errors';
import { MfaService, mfaErrors, userErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { sealTotpSecret } from '../credentials/second-factor.ts';
import { createTotpSecret, totpUri } from '../credentials/totp.ts';
import { factorStore } from '../store/factor-store.ts';
import { userStore } from '../store/user-store.ts';

/** Until a code has confirmed it, another enrolment takes its place and signing in does not ask for it. */
export function enrolTotp({ clock, postgres, vault }: Pick<Context, 'clock' | 'postgres' | 'vault'>): RpcHandler {
  return handleRpc(MfaService.method.enrolTotp, async (_request, call) => {
    const user = await userStore.findById(postgres.db, call.requirePrincipal().userId);
    if (user === undefined) throw new AppError(userErrors.notFound);
    const secret = createTotpSecret();
    const isEnrolled = await factorStore.enrolTotp(postgres.db, user.id, sealTotpSecret({ vault }, user.id, secret), new Date(clock.now()));
    if (!isEnrolled) throw new AppError(mfaErrors.alreadyEnabled);
    return { secret, uri: totpUri(secret, user.email) };
  });
}
