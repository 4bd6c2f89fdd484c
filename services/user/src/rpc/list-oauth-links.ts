import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { OAuthService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { oauthStore } from '../store/oauth-store.ts';

export function listOauthLinks({ postgres }: Pick<Context, 'postgres'>): RpcHandler {
  return handleRpc(OAuthService.method.listOAuthLinks, async (_request, call) => {
    const links = await oauthStore.listLinks(postgres.db, call.requirePrincipal().userId);
    return {
      items: links.map(({ provider, email, createdAt }) => ({
        provider,
        ...(email === null ? {} : { email }),
        createdAt: timestampFromDate(createdAt),
      })),
    };
  });
}
