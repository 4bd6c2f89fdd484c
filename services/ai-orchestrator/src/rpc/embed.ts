import { InferenceService } from '@quotemaster/contract/ai';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import { runRequest } from '../calls/run-request.ts';
import type { RunContext } from '../calls/run-request.ts';
import { upperUsage } from '../providers/price.ts';
import { ProviderError } from '../providers/provider-error.ts';
import type { Embeddings } from '../providers/provider.ts';
import { toGeneration } from './to-generation.ts';

export function embed(context: RunContext): RpcHandler {
  return handleRpc(InferenceService.method.embed, async ({ model, texts }, call) => {
    const result = await runRequest<Embeddings, Embeddings>(
      context,
      {
        operation: 'embedding',
        model,
        streamed: false,
        inputTokensMin: Math.max(...texts.map(({ length }) => length / 6)),
        outputTokens: 0,
        put: (provider, name, bounds) => {
          if (provider.embed === undefined) throw new ProviderError('auth', `${provider.id} has no embeddings`);
          return provider.embed({ model: name, texts }, bounds);
        },
        judge: (value) => ({ outcome: 'ok', value }),
        mayAskAgain: () => true,
        upperUsage: ({ price }) =>
          upperUsage(
            { price },
            texts.map((content) => ({ content })),
            '',
            0,
          ),
      },
      call,
    );
    return { embeddings: result.value.vectors.map((values) => ({ values: [...values] })), generation: toGeneration(result) };
  });
}
