import { aiErrors } from '@quotemaster/contract/ai';
import { AppError } from '@quotemaster/errors';

/** What a request is sent to. */
export interface Choice<P> {
  readonly provider: P;
  /** One of the provider's models. */
  readonly model: string;
}

/**
 * Chooses who answers: the one named as "provider/model", or, for an empty name or `auto`, the default model of the first.
 * @throws AppError `ai.unknown_model` for a name that no provider has; `ai.no_provider` where there is none at all.
 */
export function chooseProvider<P extends { readonly id: string; readonly models: readonly string[] }>(
  providers: readonly P[],
  name: string,
): Choice<P> {
  if (name === '' || name === 'auto') {
    const provider = providers[0];
    const model = provider?.models[0];
    if (provider === undefined || model === undefined) throw new AppError(aiErrors.noProvider, { reason: 'no provider is set' });
    return { provider, model };
  }
  for (const provider of providers) {
    const model = provider.models.find((served) => `${provider.id}/${served}` === name);
    if (model !== undefined) return { provider, model };
  }
  throw new AppError(aiErrors.unknownModel, { reason: `no provider serves the model ${JSON.stringify(name)}` });
}
