import { createAnthropicProvider } from './anthropic/anthropic-provider.ts';
import { createAzureProvider } from './azure/azure-provider.ts';
import { createCompatibleProvider } from './compatible/compatible-provider.ts';
import { createOpenAiProvider } from './openai/openai-provider.ts';
import type { Provider } from './provider.ts';
import type { ProviderSettings } from './settings.ts';

/** Creates the provider that `settings` describe. */
export function createProvider(settings: ProviderSettings): Provider {
  switch (settings.kind) {
    case 'openai':
      return createOpenAiProvider(settings);
    case 'anthropic':
      return createAnthropicProvider(settings);
    case 'azure':
      return createAzureProvider(withBaseUrl(settings));
    case 'compatible':
      return createCompatibleProvider(withBaseUrl(settings));
  }
}

function withBaseUrl(settings: ProviderSettings): ProviderSettings & { readonly baseUrl: string } {
  const { baseUrl } = settings;
  if (baseUrl === undefined) throw new Error(`the provider ${settings.id} needs a base URL`);
  return { ...settings, baseUrl };
}
