import type { EmbedResponse } from '@quotemaster/contract/ai';

/** Turns vectors into OpenAI's list; `base64` is what its own clients ask for: the numbers as 32-bit floats, little-endian. */
export function toEmbeddingList({ embeddings, generation }: EmbedResponse, format: 'float' | 'base64'): object {
  const tokens = generation?.usage?.inputTokens ?? 0;
  return {
    object: 'list',
    model: generation?.model ?? '',
    data: embeddings.map(({ values }, index) => ({
      object: 'embedding',
      index,
      embedding: format === 'float' ? values : toBase64(values),
    })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

function toBase64(values: readonly number[]): string {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
