import { timingSafeEqual } from 'node:crypto';
import { AppError } from '@quotemaster/errors';
import { OAuthService, oAuthErrors } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { createSecretToken, hashSecretToken } from '../credentials/secret-token.ts';
import type { FlowSecrets } from '../oauth/oauth-client.ts';
import { oauthStore } from '../store/oauth-store.ts';
import { codeContext } from './oauth-code.ts';
import { flowContext } from './start-oauth.ts';

/** For a session the code is good for a minute; for a link, which needs a sign-in first, for ten. */
const exchangeTtlMs = 60_000;
const linkTtlMs = 10 * 60_000;

/** Only the browser that started may finish, and once: state finds the flow, the cookie proves the browser. */
export function finishOauth({ clock, postgres, vault, oauth }: Pick<Context, 'clock' | 'postgres' | 'vault' | 'oauth'>): RpcHandler {
  return handleRpc(OAuthService.method.finishOAuth, async ({ provider, query, binding }) => {
    const stateHash = hashSecretToken(new URLSearchParams(query).get('state') ?? '');
    const flow = await oauthStore.takeFlow(postgres.db, stateHash);
    const bindingHash = hashSecretToken(binding);
    if (flow?.provider !== provider || flow.expiresAt.getTime() <= clock.now() || !timingSafeEqual(flow.bindingHash, bindingHash))
      throw new AppError(oAuthErrors.codeInvalid, { reason: 'no flow of this browser' });
    const secrets = JSON.parse(vault.open(flow.sealed, flowContext(stateHash)).toString('utf8')) as FlowSecrets;
    const identity = await oauth.finish(provider, query, secrets);
    const code = createSecretToken('qmo_');
    const hash = hashSecretToken(code);
    await oauthStore.addCode(postgres.db, {
      hash,
      bindingHash,
      provider,
      sealed: vault.seal(JSON.stringify(identity), codeContext(hash)),
      exchangeUntil: new Date(clock.now() + exchangeTtlMs),
      expiresAt: new Date(clock.now() + linkTtlMs),
    });
    return { code };
  });
}
