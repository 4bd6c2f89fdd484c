import { aiErrors } from '@quotemaster/contract/ai';
import { AppError } from '@quotemaster/errors';
import { withSpan } from '@quotemaster/observe';
import type { RpcCall } from '@quotemaster/rpc';
import type { Context } from '../context.ts';
import type { ProviderCallFacts } from '../events.ts';
import { untilAborted } from '../providers/until-aborted.ts';
import type { Provider, ProviderAnswer, ProviderCall, ProviderRequest } from '../providers/provider.ts';

/** Puts one request to a provider, whole or as a stream. */
export type PutRequest = (provider: Provider, request: ProviderRequest, call: ProviderCall) => Promise<ProviderAnswer>;

/** What came of one call. */
export interface Answered {
  readonly answer: ProviderAnswer;
  readonly facts: ProviderCallFacts & { readonly textLength: number };
}

/**
 * Calls a provider once, within the deadline and cancellation of `call`, in a span of its own.
 * @throws AppError `ai.no_provider` when it fails; the signal's reason when nobody waits any more.
 */
export function callProvider(
  { clock, events }: Pick<Context, 'clock' | 'events'>,
  provider: Provider,
  request: ProviderRequest,
  call: RpcCall,
  put: PutRequest,
): Promise<Answered> {
  const { model } = request;
  return withSpan('ai.provider', { 'ai.provider': provider.id, 'ai.model': model }, async (span) => {
    const startedAt = clock.monotonic();
    const { signal, deadline, logger } = call;
    const facts = (): ProviderCallFacts => ({ provider: provider.id, model, durationMs: Math.round(clock.monotonic() - startedAt) });
    try {
      signal.throwIfAborted();
      const answer = await untilAborted(signal, put(provider, request, { signal, deadline }));
      span.setAttributes({
        'ai.input_tokens': answer.usage.inputTokens,
        'ai.output_tokens': answer.usage.outputTokens,
        'ai.finish_reason': answer.finishReason,
      });
      return { answer, facts: { ...facts(), textLength: answer.text.length } };
    } catch (error) {
      if (signal.aborted) {
        events.abandoned(logger, facts(), signal.reason);
        throw signal.reason;
      }
      events.failed(logger, facts(), error);
      throw new AppError(aiErrors.noProvider, { reason: `the provider ${provider.id} failed`, cause: error });
    }
  });
}
