import { withSpan } from '@quotemaster/observe';
import type { RpcCall } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import type { ProviderFailure } from '../domain/outcome.ts';
import type { ProviderCallFacts } from '../events.ts';
import { ProviderError } from '../providers/provider-error.ts';
import type { ChatProvider, ProviderAnswer, ProviderCall, ProviderRequest } from '../providers/provider.ts';
import { untilAborted } from '../providers/until-aborted.ts';
import type { Candidate } from '../selection/candidates.ts';

/** Puts one request to a provider, whole or as a stream. */
export type PutRequest = (provider: ChatProvider, request: ProviderRequest, call: ProviderCall) => Promise<ProviderAnswer>;

/** A request before its model is chosen. */
export type AskedRequest = Omit<ProviderRequest, 'model'>;

/** What came of one call: an answer, or why there is none. */
export type CallResult =
  | { readonly facts: ProviderCallFacts; readonly answer: ProviderAnswer }
  | { readonly facts: ProviderCallFacts; readonly failure: ProviderFailure | 'abandoned'; readonly error: unknown };

/**
 * Calls a provider once, in a span of its own, for at most `config.attempts.timeoutMs` and never past the deadline or the
 * cancellation of `call`. Rejects with nothing: whatever happens is in the result.
 */
export function callProvider(
  { clock, config }: Pick<Context, 'clock' | 'config'>,
  { provider, model }: Candidate,
  request: AskedRequest,
  call: RpcCall,
  put: PutRequest,
): Promise<CallResult> {
  return withSpan('ai.provider', { 'ai.provider': provider.id, 'ai.model': model.name }, async (span) => {
    const startedAt = clock.monotonic();
    const facts = (): ProviderCallFacts => ({
      provider: provider.id,
      model: model.name,
      durationMs: Math.round(clock.monotonic() - startedAt),
    });
    const { timeoutMs } = config.ai.attempts;
    const attempt = new AbortController();
    const timer = setTimeout(() => attempt.abort(new ProviderError('transient', `took longer than ${String(timeoutMs)} ms`)), timeoutMs);
    const signal = AbortSignal.any([call.signal, attempt.signal]);
    try {
      signal.throwIfAborted();
      const deadline = Math.min(call.deadline, clock.now() + timeoutMs);
      const answer = await untilAborted(signal, put(provider, { ...request, model: model.name }, { signal, deadline }));
      span.setAttributes({
        'ai.input_tokens': answer.usage.inputTokens,
        'ai.output_tokens': answer.usage.outputTokens,
        'ai.finish_reason': answer.finishReason,
      });
      return { facts: facts(), answer };
    } catch (error) {
      const failure = call.signal.aborted ? 'abandoned' : failureOf(error);
      span.setAttributes({ 'ai.outcome': failure });
      return { facts: facts(), failure, error: call.signal.aborted ? (call.signal.reason as unknown) : error };
    } finally {
      clearTimeout(timer);
    }
  });
}

/** Whatever a provider did not classify may go better next time. */
function failureOf(error: unknown): ProviderFailure {
  return error instanceof ProviderError ? error.kind : 'transient';
}
