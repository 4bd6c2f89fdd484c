import { OAuthService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { createSecretToken, hashSecretToken } from '../credentials/secret-token.ts';
import { oauthStore } from '../store/oauth-store.ts';

/** How long somebody may take at the provider. */
const flowTtlMs = 10 * 60_000;

export function startOauth({ clock, postgres, vault, oauth }: Pick<Context, 'clock' | 'postgres' | 'vault' | 'oauth'>): RpcHandler {
  return handleRpc(OAuthService.method.startOAuth, async ({ provider }) => {
    const { url, secrets } = await oauth.begin(provider);
    const binding = createSecretToken('qmo_');
    const stateHash = hashSecretToken(secrets.state);
    await oauthStore.addFlow(postgres.db, {
      stateHash,
      provider,
      bindingHash: hashSecretToken(binding),
      sealed: vault.seal(JSON.stringify(secrets), flowContext(stateHash)),
      expiresAt: new Date(clock.now() + flowTtlMs),
    });
    return { url, binding };
  });
}

/** What a flow's secrets are sealed with besides the key: they open as no other flow's. */
export function flowContext(stateHash: Buffer): string {
  return `user/oauth-flow/${stateHash.toString('hex')}`;
}
