import { OAuthService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';

export function listOauthProviders({ oauth }: Pick<Context, 'oauth'>): RpcHandler {
  return handleRpc(OAuthService.method.listOAuthProviders, () =>
    Promise.resolve({ items: oauth.providers.map((provider) => ({ ...provider })) }),
  );
}
