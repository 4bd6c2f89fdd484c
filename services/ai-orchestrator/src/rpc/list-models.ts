import { InferenceService } from '@quotemaster/contract/ai';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { Context } from '../context.ts';

/** Names the models of providers that are switched on. */
export function listModels({ pool }: Pick<Context, 'pool'>): RpcHandler {
  return handleRpc(InferenceService.method.listModels, () => {
    const open = pool.members().filter(({ provider }) => pool.overrideOf(provider.id).enabled);
    return Promise.resolve({
      items: open.map(({ provider, model }) => ({ provider: provider.id, name: model.name, operation: model.operation })),
    });
  });
}
