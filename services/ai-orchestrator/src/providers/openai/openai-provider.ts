import { OpenAI } from 'openai';
import { clientOptions, createOpenAiWireProvider, noKey } from '../openai-wire/create-provider.ts';
import type { Provider } from '../provider.ts';
import type { ProviderSettings } from '../settings.ts';

const defaultBaseUrl = 'https://api.openai.com/v1';

/** Creates the provider OpenAI. */
export function createOpenAiProvider(settings: ProviderSettings): Provider {
  const client = new OpenAI({
    ...clientOptions,
    baseURL: settings.baseUrl ?? defaultBaseUrl,
    apiKey: settings.apiKey?.reveal() ?? noKey,
    ...(settings.apiKey === undefined ? { defaultHeaders: { authorization: null } } : {}),
  });
  return createOpenAiWireProvider(settings, client, { maxTokensField: 'max_completion_tokens' });
}
