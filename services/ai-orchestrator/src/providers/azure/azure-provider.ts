// The types of what Azure adds to OpenAI's answers.
import type {} from '@azure/openai/types';
import { AzureOpenAI } from 'openai';
import { clientOptions, createOpenAiWireProvider, noKey } from '../openai-wire/create-provider.ts';
import type { Provider } from '../provider.ts';
import type { ProviderSettings } from '../settings.ts';

/** The newest general availability that names deployments in the path, as of November 2026. */
export const defaultApiVersion = '2024-10-21';

/** Creates the provider Azure OpenAI. Its models are deployments: the client puts the name of one into the path. */
export function createAzureProvider(settings: ProviderSettings & { readonly baseUrl: string }): Provider {
  const client = new AzureOpenAI({
    ...clientOptions,
    endpoint: settings.baseUrl,
    apiKey: settings.apiKey?.reveal() ?? noKey,
    apiVersion: settings.apiVersion ?? defaultApiVersion,
  });
  return createOpenAiWireProvider(settings, client, { maxTokensField: 'max_completion_tokens' });
}
