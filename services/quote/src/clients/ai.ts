import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ServiceIdentity } from '@quotemaster/auth';
import { AiService } from '@quotemaster/contract/ai';
import type { CompleteRequestSchema, CompleteResponse, StreamCompleteResponse } from '@quotemaster/contract/ai';
import type { Metrics } from '@quotemaster/observe';
import { createRpcClient } from '@quotemaster/rpc';
import type { RpcCall } from '@quotemaster/rpc';

/** The longest that one ask may take; the caller's own deadline is mostly nearer. */
const askTimeoutMs = 30_000;

export type Ask = MessageInitShape<typeof CompleteRequestSchema>;

/**
 * ai-orchestrator, as this service uses it. A call ends with the call that it is made for: deadline, cancellation,
 * principal and trace pass on. `timeoutMs` may bring the deadline nearer.
 *
 * Nothing is tried again here: retries, breakers and the choice of another provider are ai-orchestrator's, in one place.
 */
export interface AiClient {
  complete(ask: Ask, parent: RpcCall, timeoutMs?: number): Promise<CompleteResponse>;
  /** Deltas as they are written, then the whole answer, as the last event. */
  streamComplete(ask: Ask, parent: RpcCall, timeoutMs?: number): AsyncIterable<StreamCompleteResponse>;
  close(): void;
}

export function createAiClient(options: { address: string; identity: ServiceIdentity; metrics: Metrics }): AiClient {
  const client = createRpcClient(AiService, { ...options, callee: 'ai-orchestrator' });
  return {
    complete: (ask, parent, timeoutMs = askTimeoutMs) => client.complete(ask, { parent, timeoutMs: Math.min(timeoutMs, askTimeoutMs) }),
    streamComplete: (request, parent, timeoutMs = askTimeoutMs) =>
      client.streamComplete({ request }, { parent, timeoutMs: Math.min(timeoutMs, askTimeoutMs) }),
    close: () => client.close(),
  };
}
