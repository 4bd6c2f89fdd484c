import type { OpenAI } from 'openai';
import type { ChatCompletion, ChatCompletionChunk, ChatCompletionCreateParamsBase } from 'openai/resources/chat/completions';
import { costOf, estimateTokens } from '../price.ts';
import type { ModelPrice } from '../price.ts';
import type { FinishReason, Provider, ProviderAnswer, ProviderCall, ProviderEvent, ProviderRequest, ProviderUsage } from '../provider.ts';
import { ProviderError } from '../provider-error.ts';
import { readLimitsLeft } from '../limits-left.ts';
import type { ChatModelSettings } from '../settings.ts';
import { toProviderError } from './to-provider-error.ts';

/** Where servers that speak OpenAI's wire format differ. */
export interface ChatDialect {
  /** OpenAI and Azure renamed it; servers that follow them know the old name alone. */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** What goes into the body for a model, where it is not its name. */
  readonly modelField?: (model: string) => string;
}

/** Creates the chat operations of a provider that speaks OpenAI's wire format. */
export function createChat(
  client: OpenAI,
  models: readonly ChatModelSettings[],
  dialect: ChatDialect,
): Required<Pick<Provider, 'complete' | 'stream'>> {
  const settingsOf = new Map(models.map((model) => [model.name, model]));
  const require = (name: string): ChatModelSettings => {
    const settings = settingsOf.get(name);
    if (settings === undefined) throw new ProviderError('auth', `there is no model ${name} here`);
    return settings;
  };

  return {
    async complete(request, call) {
      const settings = require(request.model);
      try {
        const { data, response } = await client.chat.completions
          .create({ ...toBody(request, settings, dialect), stream: false }, toOptions(call))
          .withResponse();
        return { ...readCompletion(data, request, settings.price), limits: readLimitsLeft(response.headers, Date.now()) };
      } catch (error) {
        throw toProviderError(error, call.signal);
      }
    },
    async *stream(request, call) {
      const settings = require(request.model);
      try {
        const { data, response } = await client.chat.completions
          .create({ ...toBody(request, settings, dialect), stream: true, stream_options: { include_usage: true } }, toOptions(call))
          .withResponse();
        const limits = readLimitsLeft(response.headers, Date.now());
        yield* readChunks(data, request, { price: settings.price, limits, signal: call.signal });
      } catch (error) {
        throw toProviderError(error, call.signal);
      }
    },
  };
}

/** The time that is left bounds the wait for the headers, the signal the whole call. */
export function toOptions({ signal, timeoutMs }: ProviderCall): { signal: AbortSignal; timeout: number } {
  return { signal, timeout: Math.max(1, Math.ceil(timeoutMs)) };
}

function toBody(request: ProviderRequest, settings: ChatModelSettings, dialect: ChatDialect): ChatCompletionCreateParamsBase {
  const { model, messages, temperature, seed } = request;
  const maxTokens = request.maxOutputTokens ?? settings.maxOutputTokens;
  return {
    model: dialect.modelField?.(model) ?? model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    [dialect.maxTokensField]: maxTokens,
    ...(temperature === undefined || !settings.temperature ? {} : { temperature }),
    // A JSON number is exact to 53 bits, and signed here as it was. OpenAI calls the field deprecated; other servers heed it.
    ...(seed === undefined ? {} : { ['seed' as string]: Number(BigInt.asIntN(53, seed)) }),
    ...(settings.effort === undefined ? {} : { reasoning_effort: settings.effort }),
  };
}

/** What of an answer is read. Servers that imitate OpenAI leave out what they please, and the SDK checks none of it. */
interface WireCompletion {
  readonly choices?: readonly {
    readonly message?: { readonly content?: string | null; readonly refusal?: string | null };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: Partial<NonNullable<ChatCompletion['usage']>>;
}

function readCompletion(completion: unknown, request: ProviderRequest, price: ModelPrice): ProviderAnswer {
  // The SDK hands on whatever came with status 200, a page of HTML too.
  const { choices, usage } = (typeof completion === 'object' ? (completion ?? {}) : {}) as WireCompletion;
  const choice = choices?.[0];
  if (choice?.message === undefined) throw new ProviderError('transient', 'the answer holds no message');
  const { content, refusal } = choice.message;
  const text = content ?? '';
  return {
    text,
    finishReason: (refusal ?? '') === '' ? toFinishReason(choice.finish_reason) : 'refusal',
    usage: toUsage(usage, request, text, price),
  };
}

async function* readChunks(
  chunks: AsyncIterable<ChatCompletionChunk>,
  request: ProviderRequest,
  { price, limits, signal }: { price: ModelPrice; limits: ProviderAnswer['limits']; signal: AbortSignal },
): AsyncGenerator<ProviderEvent> {
  let text = '';
  let finish: string | null = null;
  let refused = false;
  let usage: ChatCompletionChunk['usage'];
  for await (const chunk of chunks) {
    usage = chunk.usage ?? usage;
    // The chunk that brings the usage has no choices; some servers leave the field out.
    const choice = (chunk.choices as Partial<ChatCompletionChunk['choices'][number]>[] | undefined)?.[0];
    const piece = choice?.delta?.content ?? '';
    if (piece !== '') {
      text += piece;
      yield { kind: 'text', text: piece };
    }
    refused ||= (choice?.delta?.refusal ?? '') !== '';
    finish = choice?.finish_reason ?? finish;
  }
  // The SDK ends its loop quietly when the signal fires, and when the server hangs up between two events.
  signal.throwIfAborted();
  if (finish === null) throw new ProviderError('transient', 'the stream broke off');
  const finishReason = refused ? 'refusal' : toFinishReason(finish);
  yield { kind: 'done', answer: { text, finishReason, usage: toUsage(usage ?? undefined, request, text, price), limits } };
}

function toFinishReason(reason: string | null | undefined): FinishReason {
  if (reason === 'length' || reason === 'content_filter') return reason;
  return 'stop';
}

function toUsage(
  usage: Partial<NonNullable<ChatCompletion['usage']>> | undefined,
  request: ProviderRequest,
  text: string,
  price: ModelPrice,
): ProviderUsage {
  const estimated = usage?.prompt_tokens === undefined;
  const inputTokens = usage?.prompt_tokens ?? estimateTokens(...request.messages.map(({ content }) => content));
  const outputTokens = usage?.completion_tokens ?? estimateTokens(text);
  const cachedInputTokens = usage?.prompt_tokens_details?.cached_tokens ?? 0;
  return {
    inputTokens,
    outputTokens,
    costMicroUsd: costOf({ inputTokens, cachedInputTokens, outputTokens }, price),
    ...(estimated ? { estimated } : {}),
  };
}
