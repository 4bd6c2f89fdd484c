import type { OpenAI } from 'openai';
import type { CreateEmbeddingResponse } from 'openai/resources/embeddings';
import { costOf, estimateTokens } from '../price.ts';
import type { Provider, ProviderModel } from '../provider.ts';
import { ProviderError } from '../provider-error.ts';
import { toOptions } from './chat.ts';
import { toProviderError } from './to-provider-error.ts';

/** Creates the embedding operation of a provider that speaks OpenAI's wire format. */
export function createEmbed(client: OpenAI, models: readonly ProviderModel[]): NonNullable<Provider['embed']> {
  return async ({ model, texts }, call) => {
    try {
      const answer = (await client.embeddings.create({ model, input: [...texts] }, toOptions(call))) as Partial<CreateEmbeddingResponse>;
      const vectors = answer.data?.toSorted((one, other) => one.index - other.index).map(({ embedding }) => embedding) ?? [];
      const length = vectors[0]?.length ?? 0;
      if (vectors.length !== texts.length || length === 0 || vectors.some((vector) => vector.length !== length)) {
        throw new ProviderError('transient', 'the answer holds other vectors than were asked for');
      }
      const estimated = answer.usage === undefined;
      const inputTokens = answer.usage?.prompt_tokens ?? estimateTokens(...texts);
      const price = models.find(({ name }) => name === model)?.price;
      const costMicroUsd = price === undefined ? 0n : costOf({ inputTokens }, price);
      return { vectors, usage: { inputTokens, outputTokens: 0, costMicroUsd, ...(estimated ? { estimated } : {}) } };
    } catch (error) {
      throw toProviderError(error, call.signal);
    }
  };
}
