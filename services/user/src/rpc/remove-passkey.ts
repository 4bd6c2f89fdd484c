import { AppError } from '@quotemaster/errors';
import { PasskeyService, passkeyErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { withEvents } from '../event-source.ts';
import { factorStore } from '../store/factor-store.ts';
import { forgetCodesOfNothing, lockForRemoval } from './remove-totp.ts';

export function removePasskey({ postgres, mailbox, events }: Pick<Context, 'postgres' | 'mailbox' | 'events'>): RpcHandler {
  return handleRpc(PasskeyService.method.removePasskey, async ({ id }, call) => {
    const { userId } = call.requirePrincipal();
    await withEvents(postgres, call, async (source) => {
      const user = await lockForRemoval(source, userId, 'passkey');
      if (!(await factorStore.removePasskey(source.tx, userId, id))) throw new AppError(passkeyErrors.notFound);
      await forgetCodesOfNothing(source, userId);
      await events.factorChanged(source, { userId, factor: 'passkey', change: 'removed' });
      await mailbox.notify(source.tx, user, 'passkey_removed');
    });
    return {};
  });
}
