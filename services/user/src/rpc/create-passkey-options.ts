import type { JsonObject } from '@bufbuild/protobuf';
import { AppError } from '@quotemaster/errors';
import { PasskeyService, userErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { challengeTtlMs, hashChallenge } from '../credentials/webauthn.ts';
import { factorStore } from '../store/factor-store.ts';
import { userStore } from '../store/user-store.ts';

export function createPasskeyOptions({ clock, postgres, webauthn }: Pick<Context, 'clock' | 'postgres' | 'webauthn'>): RpcHandler {
  return handleRpc(PasskeyService.method.createPasskeyOptions, async (_request, call) => {
    const user = await userStore.findById(postgres.db, call.requirePrincipal().userId);
    if (user === undefined) throw new AppError(userErrors.notFound);
    const { challenge, json } = await webauthn.registrationOptions(
      { id: user.id, name: user.username ?? user.email },
      await factorStore.listPasskeys(postgres.db, user.id),
    );
    await factorStore.addChallenge(postgres.db, {
      hash: hashChallenge(challenge),
      purpose: 'register',
      userId: user.id,
      expiresAt: new Date(clock.now() + challengeTtlMs),
    });
    return { options: toStruct(json) };
  });
}

/** A Struct holds what JSON holds: no undefined. */
export function toStruct(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
