import { AuthService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';

export function getJwks({ accessKeys }: Pick<Context, 'accessKeys'>): RpcHandler {
  return handleRpc(AuthService.method.getJwks, () => Promise.resolve({ keys: accessKeys.jwks().map((key) => ({ ...key })) }));
}
