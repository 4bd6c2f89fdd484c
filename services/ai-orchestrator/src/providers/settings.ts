import type { Secret } from '@quotemaster/config';
import type { ProviderModel } from './provider.ts';

export type ProviderKind = 'openai' | 'anthropic' | 'azure' | 'compatible';

/** How hard a reasoning model thinks before it writes. */
export type ReasoningEffort = 'none' | 'low' | 'medium' | 'high';

export interface ChatModelSettings extends ProviderModel {
  readonly operation: 'chat';
  /** The bound of tokens where a request names none; what a model thinks counts too. */
  readonly maxOutputTokens: number;
  /** The model takes a temperature. Recent reasoning models refuse one. */
  readonly temperature: boolean;
  /** Undefined leaves it to the model, and is right for models that don't reason. */
  readonly effort: ReasoningEffort | undefined;
}

export interface EmbeddingModelSettings extends ProviderModel {
  readonly operation: 'embedding';
}

export interface TranscriptionModelSettings extends ProviderModel {
  readonly operation: 'transcription';
  /** The model tells when each part was said. */
  readonly segments: boolean;
}

export type ModelSettings = ChatModelSettings | EmbeddingModelSettings | TranscriptionModelSettings;

/** The traffic of a provider for which the file names none. */
export const defaultTraffic = { weight: 1, inFlightMax: 64, queueMax: 64 };

/** One provider as it is configured. */
export interface ProviderSettings {
  readonly id: string;
  readonly kind: ProviderKind;
  /** Without a slash at the end; undefined for the maker's own. */
  readonly baseUrl: string | undefined;
  /** Undefined where the server asks for none. */
  readonly apiKey: Secret | undefined;
  /** Azure alone: the date in its paths. */
  readonly apiVersion: string | undefined;
  readonly models: readonly ModelSettings[];
  /** How often it is drawn beside others: 2 is twice as often as 1. */
  readonly weight: number;
  /** So many calls at once, and so many more may wait for one of them to end. */
  readonly inFlightMax: number;
  readonly queueMax: number;
}

/** Gives the models of one operation, in their order. */
export function modelsFor<O extends ModelSettings['operation']>(
  { models }: Pick<ProviderSettings, 'models'>,
  operation: O,
): readonly Extract<ModelSettings, { operation: O }>[] {
  return models.filter((model): model is Extract<ModelSettings, { operation: O }> => model.operation === operation);
}
