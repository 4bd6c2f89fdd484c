import { freeOfCharge } from '../providers/price.ts';
import type { ModelPrice } from '../providers/price.ts';
import type { ChatModelSettings, ModelSettings, ProviderKind } from '../providers/settings.ts';

/**
 * The models that are used where QM_AI_CONFIG names none, with the list prices of their makers as of 23 November 2026, in
 * US dollars per million tokens (transcription: per minute). Prices change: a deployment that is billed should name its own.
 * @see https://developers.openai.com/api/docs/pricing
 * @see https://platform.claude.com/docs/en/about-claude/pricing
 */
export const defaultModels: Readonly<Record<Exclude<ProviderKind, 'compatible'>, readonly ModelSettings[]>> = {
  openai: [
    chat('gpt-6-luna', { input: 0.1, cachedInput: 0.01, output: 0.5 }, 1_050_000),
    chat('gpt-6-sol', { input: 2, cachedInput: 0.2, output: 10 }, 1_050_000),
    { name: 'text-embedding-3-small', operation: 'embedding', price: toPrice({ input: 0.02 }) },
    { name: 'whisper-1', operation: 'transcription', price: toPrice({ minute: 0.006 }), segments: true },
  ],
  // Haiku's price is that of prompts up to 100,000 tokens; ours are far shorter.
  anthropic: [
    chat('claude-haiku-5-5', { input: 0.1, cachedInput: 0.01, output: 0.5 }, 1_000_000, 'low'),
    chat('claude-sonnet-5-5', { input: 2, cachedInput: 0.2, output: 10 }, 1_000_000, 'low'),
  ],
  // A deployment is named by whoever made it; see modelNamed.
  azure: [],
};

/**
 * Describes a chat model of which only the name is known: as the default model of that name, or else at the price of the dearest
 * default, so as not to count too little. A server of one's own (`isOwn`) charges nothing.
 */
export function modelNamed(name: string, kind: 'openai' | 'anthropic', isOwn: boolean): ModelSettings {
  const known = defaultModels[kind].find((model) => model.name === name);
  if (known !== undefined) return known;
  const price = isOwn ? freeOfCharge : dearest[kind];
  return { name, operation: 'chat', price, maxOutputTokens: 2_048, temperature: false, effort: undefined };
}

const dearest = {
  openai: toPrice({ input: 2, cachedInput: 0.2, output: 10 }),
  anthropic: toPrice({ input: 4, cachedInput: 0.2, output: 20 }),
};

/** Prices in US dollars, as makers print them. */
export interface DollarPrice {
  readonly input?: number | undefined;
  readonly cachedInput?: number | undefined;
  readonly output?: number | undefined;
  readonly minute?: number | undefined;
}

/** Turns dollars into whole millionths; what is not said is free, save cached input, which costs what input costs. */
export function toPrice({ input = 0, cachedInput = input, output = 0, minute = 0 }: DollarPrice): ModelPrice {
  return {
    ...freeOfCharge,
    inputPerMillion: toMicros(input),
    cachedInputPerMillion: toMicros(cachedInput),
    outputPerMillion: toMicros(output),
    perMinute: toMicros(minute),
  };
}

function toMicros(dollars: number): bigint {
  return BigInt(Math.round(dollars * 1_000_000));
}

function chat(name: string, price: DollarPrice, contextTokens: number, effort: ChatModelSettings['effort'] = 'none'): ChatModelSettings {
  // Room for five quotes and, where a model thinks, its thoughts.
  return { name, operation: 'chat', price: toPrice(price), contextTokens, maxOutputTokens: 2_048, temperature: false, effort };
}
