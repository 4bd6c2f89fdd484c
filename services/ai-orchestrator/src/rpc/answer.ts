import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CompleteRequest, CompleteResponseSchema } from '@quotemaster/contract/ai';
import type { RpcCall } from '@quotemaster/rpc';
import { runRequest } from '../calls/run-request.ts';
import type { RunContext } from '../calls/run-request.ts';
import type { CallBounds, Judged } from '../calls/work.ts';
import { checkAnswer } from '../domain/check-answer.ts';
import { scoreAnswer } from '../domain/score-answer.ts';
import type { ScoredQuote } from '../domain/score-answer.ts';
import { upperUsage } from '../providers/price.ts';
import { ProviderError } from '../providers/provider-error.ts';
import type { ChatProvider, Provider, ProviderAnswer, ProviderRequest } from '../providers/provider.ts';
import { toGeneration } from './to-generation.ts';
import { toProviderRequest } from './to-provider-request.ts';

export type Completion = MessageInitShape<typeof CompleteResponseSchema>;

/** How a face of this flow asks, and whether it may ask again after a failure. */
export interface Asking {
  readonly streamed: boolean;
  readonly put: (provider: ChatProvider, request: ProviderRequest, bounds: CallBounds) => Promise<ProviderAnswer>;
  readonly mayAskAgain: () => boolean;
}

/** A quote of forty words, with what stands around it. */
const tokensOfQuote = 60;

/**
 * Answers a request for quotes: has a provider write them, takes them out of its answer and scores them. The flow behind Complete
 * and StreamComplete, which differ in `asking`.
 *
 * Each further call takes the next seed, for the same one would bring the same answer; what all of them used is charged.
 * @throws AppError as runRequest does.
 */
export async function answer(context: RunContext, request: CompleteRequest, call: RpcCall, asking: Asking): Promise<Completion> {
  const asked = toProviderRequest(request);
  const { brief } = asked;
  const result = await runRequest(
    context,
    {
      operation: 'chat',
      model: request.model,
      streamed: asking.streamed,
      // No tokenizer makes less than a token of six characters of prose: only what is surely too long is left out here.
      inputTokensMin: asked.messages.reduce((sum, { content }) => sum + content.length / 6, 0),
      outputTokens: brief.count * tokensOfQuote,
      put: (provider, model, bounds) => asking.put(requireChat(provider), { ...withSeed(asked, bounds.index), model }, bounds),
      judge: (written) => judge(written, asked),
      mayAskAgain: asking.mayAskAgain,
      upperUsage: (model, text) => upperUsage(model, asked.messages, text, asked.maxOutputTokens),
    },
    call,
  );
  return { quotes: [...result.value], generation: toGeneration(result) };
}

function judge(written: ProviderAnswer, { brief, maxOutputTokens }: Omit<ProviderRequest, 'model'>): Judged<readonly ScoredQuote[]> {
  const checked = checkAnswer(written, brief.count);
  if ('fault' in checked) return { outcome: checked.fault };
  const value = scoreAnswer(checked.quotes, brief);
  // An answer that was cut at a bound of the caller's own is as it was ordered.
  const isCut = written.finishReason === 'length' && maxOutputTokens === undefined && value.length < brief.count;
  return { outcome: isCut ? 'cut' : 'ok', value, scores: value.map(({ quality }) => quality.score) };
}

function withSeed(request: Omit<ProviderRequest, 'model'>, index: number): Omit<ProviderRequest, 'model'> {
  return request.seed === undefined ? request : { ...request, seed: BigInt.asIntN(64, request.seed + BigInt(index)) };
}

export function requireChat(provider: Provider): ChatProvider {
  const { complete, stream } = provider;
  if (complete === undefined || stream === undefined) throw new ProviderError('auth', `${provider.id} does not write`);
  return provider as ChatProvider;
}
