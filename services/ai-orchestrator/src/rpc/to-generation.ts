import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GenerationSchema } from '@quotemaster/contract/ai';
import type { RunResult } from '../calls/run-request.ts';

/** Tells where an answer came from. */
export function toGeneration<R>({
  provider,
  model,
  decisionId,
  latencyMs,
  usage,
}: RunResult<R>): MessageInitShape<typeof GenerationSchema> {
  const { inputTokens, outputTokens, costMicroUsd } = usage;
  return { provider, model, cached: 'none', degraded: false, decisionId, latencyMs, usage: { inputTokens, outputTokens, costMicroUsd } };
}
