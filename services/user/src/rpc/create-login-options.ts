import { PasskeyService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { challengeTtlMs, hashChallenge } from '../credentials/webauthn.ts';
import { factorStore } from '../store/factor-store.ts';
import { toStruct } from './create-passkey-options.ts';

/** The options name no account, so that nobody learns from them whose there are: the authenticator offers the ones it has. */
export function createLoginOptions({ clock, postgres, webauthn }: Pick<Context, 'clock' | 'postgres' | 'webauthn'>): RpcHandler {
  return handleRpc(PasskeyService.method.createLoginOptions, async () => {
    const { challenge, json } = await webauthn.authenticationOptions();
    await factorStore.addChallenge(postgres.db, {
      hash: hashChallenge(challenge),
      purpose: 'authenticate',
      expiresAt: new Date(clock.now() + challengeTtlMs),
    });
    return { options: toStruct(json) };
  });
}
