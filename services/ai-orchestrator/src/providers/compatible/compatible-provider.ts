import { OpenAI } from 'openai';
import { clientOptions, createOpenAiWireProvider, noKey } from '../openai-wire/create-provider.ts';
import type { Provider } from '../provider.ts';
import type { ProviderSettings } from '../settings.ts';

/** Creates a provider for any server that speaks OpenAI's wire format: vLLM, llama.cpp, Ollama, whisper.cpp, another company's. */
export function createCompatibleProvider(settings: ProviderSettings & { readonly baseUrl: string }): Provider {
  const client = new OpenAI({
    ...clientOptions,
    baseURL: settings.baseUrl,
    apiKey: settings.apiKey?.reveal() ?? noKey,
    ...(settings.apiKey === undefined ? { defaultHeaders: { authorization: null } } : {}),
  });
  return createOpenAiWireProvider(settings, client, { maxTokensField: 'max_tokens' });
}
