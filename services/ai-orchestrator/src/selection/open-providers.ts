import type { Logger } from '@quotemaster/observe';
import { createProvider } from '../providers/create-provider.ts';
import type { Provider } from '../providers/provider.ts';
import { defaultTraffic } from '../providers/settings.ts';
import type { ProviderSettings } from '../providers/settings.ts';
import type { PoolProvider } from './pool.ts';

/**
 * Creates the configured providers, and says who they are. Where none of them writes, the composer does; that is said too, so that
 * nobody takes its words for a language model's.
 */
export function openProviders(settings: readonly ProviderSettings[], composer: Provider, logger: Logger): readonly PoolProvider[] {
  const providers = settings.map((one) => {
    const { id, models, weight, inFlightMax, queueMax } = one;
    logger.info({ provider: id, models: models.map(({ name }) => name) }, 'a provider is in use');
    return { provider: createProvider(one), traffic: { weight, inFlightMax, queueMax } };
  });
  if (providers.some(({ provider }) => provider.complete !== undefined)) return providers;
  logger.info(
    { provider: composer.id, models: composer.models.map(({ name }) => name) },
    'the offline composer is in use; set OPENAI_API_KEY, ANTHROPIC_API_KEY, AZURE_OPENAI_API_KEY or QM_AI_CONFIG to use a language model',
  );
  return [...providers, { provider: composer, traffic: defaultTraffic }];
}
