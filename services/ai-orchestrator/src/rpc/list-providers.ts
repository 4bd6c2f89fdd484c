import { ProviderService } from '@quotemaster/contract/ai';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import { membersByProvider, toProviderMessage } from './to-provider-message.ts';

export function listProviders(context: Pick<Context, 'pool' | 'health' | 'clock'>): RpcHandler {
  return handleRpc(ProviderService.method.listProviders, () =>
    Promise.resolve({ items: [...membersByProvider(context.pool)].map(([id, members]) => toProviderMessage(context, id, members)) }),
  );
}
