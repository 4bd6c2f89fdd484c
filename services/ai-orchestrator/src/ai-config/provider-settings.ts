import type { ConfigReader } from '@quotemaster/config';
import { defaultTraffic } from '../providers/settings.ts';
import type { ModelSettings, ProviderKind, ProviderSettings } from '../providers/settings.ts';
import type { AiFileModel, AiFileProvider } from './ai-file.ts';
import { defaultModels, modelNamed, toPrice } from './default-models.ts';

const schemes = ['https', 'http'];

/** The SDKs' own names for what a provider needs. */
const variables: Readonly<Record<ProviderKind, { key: string | undefined; baseUrl: string | undefined }>> = {
  openai: { key: 'OPENAI_API_KEY', baseUrl: 'OPENAI_BASE_URL' },
  anthropic: { key: 'ANTHROPIC_API_KEY', baseUrl: 'ANTHROPIC_BASE_URL' },
  azure: { key: 'AZURE_OPENAI_API_KEY', baseUrl: 'AZURE_OPENAI_ENDPOINT' },
  compatible: { key: undefined, baseUrl: undefined },
};

/** Reads the providers that the environment names: each of which there is a key or a base URL. */
export function environmentProviders(reader: ConfigReader): readonly ProviderSettings[] {
  return [...(['openai', 'anthropic', 'azure'] as const).flatMap((kind) => fromEnvironment(reader, kind)), ...whisper(reader)];
}

function fromEnvironment(reader: ConfigReader, kind: Exclude<ProviderKind, 'compatible'>): ProviderSettings[] {
  const names = variables[kind];
  const apiKey = names.key === undefined ? undefined : reader.optionalSecret(names.key);
  const baseUrl = withoutSlash(names.baseUrl === undefined ? undefined : reader.optionalUrl(names.baseUrl, schemes));
  if (apiKey === undefined && baseUrl === undefined) return [];
  const settings = { id: kind, kind, baseUrl, apiKey, apiVersion: undefined, models: defaultModels[kind], ...defaultTraffic };
  if (kind === 'azure') return [withAzure(reader, settings)];
  // A server of one's own has models of its own: the name goes before the defaults.
  const model = reader.optionalString(kind === 'openai' ? 'OPENAI_MODEL' : 'ANTHROPIC_MODEL');
  return [model === undefined ? settings : { ...settings, models: [modelNamed(model, kind, baseUrl !== undefined)] }];
}

function withAzure(reader: ConfigReader, settings: ProviderSettings): ProviderSettings {
  if (settings.baseUrl === undefined) {
    reader.fault({
      variable: 'AZURE_OPENAI_ENDPOINT',
      expected: 'the address of the Azure OpenAI resource, beside its key',
      found: 'nothing',
    });
  }
  const deployment = reader.string('AZURE_OPENAI_DEPLOYMENT');
  return { ...settings, apiVersion: reader.optionalString('OPENAI_API_VERSION'), models: [modelNamed(deployment, 'openai', false)] };
}

/** A Whisper server of one's own: transcription alone, at no charge. */
function whisper(reader: ConfigReader): ProviderSettings[] {
  const baseUrl = withoutSlash(reader.optionalUrl('WHISPER_BASE_URL', schemes));
  if (baseUrl === undefined) return [];
  const models: ModelSettings[] = [{ name: 'whisper-1', operation: 'transcription', price: toPrice({}), segments: true }];
  return [{ id: 'whisper', kind: 'compatible', baseUrl, apiKey: undefined, apiVersion: undefined, models, ...defaultTraffic }];
}

/** Turns the providers of the file into settings; keys and, where the file names none, addresses come from the environment. */
export function toProviderSettings(reader: ConfigReader, providers: readonly AiFileProvider[]): readonly ProviderSettings[] {
  return providers.map(({ id, kind, baseUrl, apiKeyVariable, apiVersion, models, weight, inFlightMax, queueMax }) => {
    const names = variables[kind];
    const keyVariable = apiKeyVariable ?? names.key;
    const apiKey = keyVariable === undefined ? undefined : reader.optionalSecret(keyVariable);
    const url = baseUrl ?? (names.baseUrl === undefined ? undefined : reader.optionalUrl(names.baseUrl, schemes));
    const known = kind === 'compatible' ? [] : defaultModels[kind];
    const settings = {
      ...{ id, kind, baseUrl: withoutSlash(url), apiKey, apiVersion, weight, inFlightMax, queueMax },
      models: models?.map(toModelSettings) ?? known,
    };
    if (apiKeyVariable !== undefined && apiKey === undefined) reader.fault(inFile(id, `a key in ${apiKeyVariable}`));
    if (url === undefined && (kind === 'azure' || kind === 'compatible')) reader.fault(inFile(id, 'a baseUrl'));
    if (url === undefined && apiKey === undefined && kind !== 'azure' && kind !== 'compatible') {
      reader.fault(inFile(id, `a key in ${keyVariable ?? 'apiKeyVariable'}, or a baseUrl`));
    }
    if (settings.models.length === 0) reader.fault(inFile(id, 'at least one model'));
    return settings;
  });
}

function inFile(id: string, expected: string): { variable: string; expected: string; found: string } {
  return { variable: 'QM_AI_CONFIG', expected, found: `nothing for the provider ${id}` };
}

function toModelSettings(model: AiFileModel): ModelSettings {
  const { name, operation, contextTokens, maxOutputTokens, temperature, effort, segments } = model;
  const price = toPrice(model.price);
  switch (operation) {
    case 'chat':
      return { name, operation, price, contextTokens, maxOutputTokens, temperature, effort };
    case 'embedding':
      return { name, operation, price };
    case 'transcription':
      return { name, operation, price, segments };
  }
}

function withoutSlash(url: string | undefined): string | undefined {
  return url?.replace(/\/+$/, '');
}
