import { Anthropic } from '@anthropic-ai/sdk';
import type { Message, MessageCreateParamsBase, RawMessageStreamEvent, Usage } from '@anthropic-ai/sdk/resources/messages';
import { httpFetch } from '../http-client.ts';
import { costOf, estimateTokens } from '../price.ts';
import type { ModelPrice } from '../price.ts';
import type { FinishReason, Provider, ProviderAnswer, ProviderCall, ProviderEvent, ProviderRequest, ProviderUsage } from '../provider.ts';
import { ProviderError } from '../provider-error.ts';
import { readLimitsLeft } from '../limits-left.ts';
import { modelsFor } from '../settings.ts';
import type { ChatModelSettings, ProviderSettings } from '../settings.ts';
import { toProviderError } from './to-provider-error.ts';

const defaultBaseUrl = 'https://api.anthropic.com';

/** Creates the provider Anthropic: chat alone. Its API takes no seed, and its recent models no temperature. */
export function createAnthropicProvider(settings: ProviderSettings): Provider {
  const client = new Anthropic({
    baseURL: settings.baseUrl ?? defaultBaseUrl,
    // Never undefined: the client would look for credentials in the environment and in its own files.
    apiKey: settings.apiKey?.reveal() ?? 'none',
    authToken: null,
    // One place decides about retries, and it is not here.
    maxRetries: 0,
    logLevel: 'off',
    fetch: httpFetch,
    ...(settings.apiKey === undefined ? { defaultHeaders: { 'x-api-key': null, authorization: null } } : {}),
  });
  const models = new Map(modelsFor(settings, 'chat').map((model) => [model.name, model]));
  const require = (name: string): ChatModelSettings => {
    const model = models.get(name);
    if (model === undefined) throw new ProviderError('auth', `there is no model ${name} here`);
    return model;
  };

  return {
    id: settings.id,
    models: settings.models,
    async complete(request, call) {
      const model = require(request.model);
      try {
        const { data, response } = await client.messages
          .create({ ...toBody(request, model), stream: false }, toOptions(call))
          .withResponse();
        return { ...readMessage(data, request, model.price), limits: readLimitsLeft(response.headers, Date.now()) };
      } catch (error) {
        throw toProviderError(error, call.signal);
      }
    },
    async *stream(request, call) {
      const model = require(request.model);
      try {
        const { data, response } = await client.messages
          .create({ ...toBody(request, model), stream: true }, toOptions(call))
          .withResponse();
        const limits = readLimitsLeft(response.headers, Date.now());
        yield* readEvents(data, request, { price: model.price, limits, signal: call.signal });
      } catch (error) {
        throw toProviderError(error, call.signal);
      }
    },
    async probe(call) {
      try {
        await client.models.list({ limit: 1 }, toOptions(call));
      } catch (error) {
        throw toProviderError(error, call.signal);
      }
    },
  };
}

function toOptions({ signal, timeoutMs }: ProviderCall): { signal: AbortSignal; timeout: number } {
  return { signal, timeout: Math.max(1, Math.ceil(timeoutMs)) };
}

/** The system's turns go into a field of their own; the others must begin with the user's. */
function toBody({ model, messages, maxOutputTokens }: ProviderRequest, settings: ChatModelSettings): MessageCreateParamsBase {
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const turns = messages.flatMap(({ role, content }) => (role === 'system' ? [] : [{ role, content }]));
  return {
    model,
    max_tokens: maxOutputTokens ?? settings.maxOutputTokens,
    messages: turns,
    ...(system.length === 0 ? {} : { system: system.join('\n\n') }),
    ...(settings.effort === undefined || settings.effort === 'none' ? {} : { output_config: { effort: settings.effort } }),
    ...(settings.effort === 'none' ? { thinking: { type: 'disabled' } } : {}),
  };
}

function readMessage(message: unknown, request: ProviderRequest, price: ModelPrice): ProviderAnswer {
  const { content, stop_reason, usage } = (typeof message === 'object' ? (message ?? {}) : {}) as Partial<Message>;
  if (!Array.isArray(content)) throw new ProviderError('transient', 'the answer holds no content');
  const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  return { text, finishReason: toFinishReason(stop_reason ?? 'end_turn'), usage: toUsage(usage ?? {}, request, text, price) };
}

async function* readEvents(
  events: AsyncIterable<RawMessageStreamEvent>,
  request: ProviderRequest,
  { price, limits, signal }: { price: ModelPrice; limits: ProviderAnswer['limits']; signal: AbortSignal },
): AsyncGenerator<ProviderEvent> {
  let text = '';
  let stopReason: string | null = null;
  let usage: Partial<Usage> = {};
  for await (const event of events) {
    if (event.type === 'message_start') {
      usage = event.message.usage;
    } else if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
      text += event.delta.text;
      yield { kind: 'text', text: event.delta.text };
    } else if (event.type === 'message_delta') {
      stopReason = event.delta.stop_reason ?? stopReason;
      // Its counts are of the whole message so far; what it leaves out stands as it was.
      usage = { ...usage, ...withoutNulls(event.usage) };
    }
  }
  signal.throwIfAborted();
  if (stopReason === null) throw new ProviderError('transient', 'the stream broke off');
  yield { kind: 'done', answer: { text, finishReason: toFinishReason(stopReason), usage: toUsage(usage, request, text, price), limits } };
}

function withoutNulls(usage: object): Partial<Usage> {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null && value !== undefined));
}

function toFinishReason(reason: string): FinishReason {
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'length';
  return reason === 'refusal' ? 'refusal' : 'stop';
}

/** Here cached tokens stand beside the input tokens, where OpenAI counts them among those. */
function toUsage(usage: Partial<Usage>, request: ProviderRequest, text: string, price: ModelPrice): ProviderUsage {
  const estimated = usage.input_tokens === undefined;
  const cachedInputTokens = usage.cache_read_input_tokens ?? 0;
  const fresh = usage.input_tokens ?? estimateTokens(...request.messages.map(({ content }) => content));
  const inputTokens = fresh + cachedInputTokens + (usage.cache_creation_input_tokens ?? 0);
  const outputTokens = usage.output_tokens ?? estimateTokens(text);
  return {
    inputTokens,
    outputTokens,
    costMicroUsd: costOf({ inputTokens, cachedInputTokens, outputTokens }, price),
    ...(estimated ? { estimated } : {}),
  };
}
