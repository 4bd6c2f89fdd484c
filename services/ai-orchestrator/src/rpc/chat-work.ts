import type { ChatRequest } from '@quotemaster/contract/ai';
import type { CallBounds, Judged, Work } from '../calls/work.ts';
import { upperUsage } from '../providers/price.ts';
import type { ChatProvider, ChatTurn, ProviderAnswer, ProviderRequest } from '../providers/provider.ts';
import { requireChat } from './answer.ts';

/** What is expected of an answer whose length nobody has named, in tokens. */
const usualOutputTokens = 256;
/** The composer writes about the last thing that was said, this far. */
const briefCharsMax = 8_000;

/** How a face of a chat puts its request, and whether it may ask again after a failure. */
export interface ChatAsking {
  readonly streamed: boolean;
  readonly put: (provider: ChatProvider, request: ProviderRequest, bounds: CallBounds) => Promise<ProviderAnswer>;
  readonly mayAskAgain: () => boolean;
}

/** Makes the work of a chat as it is: nothing is added to its messages, and its answer is judged by its form alone. */
export function chatWork(request: ChatRequest, { streamed, put, mayAskAgain }: ChatAsking): Work<ProviderAnswer, ProviderAnswer> {
  // The contract's rules have let no other role pass.
  const messages = request.messages.map(({ role, content }) => ({ role: role as ChatTurn['role'], content }));
  const maxOutputTokens = request.maxOutputTokens === 0 ? undefined : request.maxOutputTokens;
  const asked = { messages, brief: briefOf(messages), maxOutputTokens, temperature: request.temperature, seed: request.seed };
  return {
    operation: 'chat',
    model: request.model,
    streamed,
    inputTokensMin: messages.reduce((sum, { content }) => sum + content.length / 6, 0),
    outputTokens: Math.min(usualOutputTokens, maxOutputTokens ?? usualOutputTokens),
    put: (provider, model, bounds) => put(requireChat(provider), { ...asked, model }, bounds),
    judge: (answer) => judge(answer, maxOutputTokens),
    mayAskAgain,
    upperUsage: (model, text) => upperUsage(model, messages, text, maxOutputTokens),
  };
}

function judge(answer: ProviderAnswer, maxOutputTokens: number | undefined): Judged<ProviderAnswer> {
  const { text, finishReason } = answer;
  if (finishReason === 'content_filter' || finishReason === 'refusal') return { outcome: 'content_filter' };
  if (text === '') return { outcome: finishReason === 'length' ? 'truncated' : 'empty' };
  // It is told as cut; at a bound of the caller's own it is as it was ordered.
  return { outcome: finishReason === 'length' && maxOutputTokens === undefined ? 'cut' : 'ok', value: answer };
}

function briefOf(messages: readonly ChatTurn[]): ProviderRequest['brief'] {
  const prompt = messages.findLast(({ role }) => role === 'user')?.content.slice(0, briefCharsMax) ?? '';
  return { prompt, count: 1, tone: '', style: '', theme: '', audience: '', language: '', maxWords: 0 };
}
