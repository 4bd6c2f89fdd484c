import { MfaService } from '@quotemaster/contract/user';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { factorStore } from '../store/factor-store.ts';

export function getMfa({ postgres }: Pick<Context, 'postgres'>): RpcHandler {
  return handleRpc(MfaService.method.getMfa, async (_request, call) => factorStore.count(postgres.db, call.requirePrincipal().userId));
}
