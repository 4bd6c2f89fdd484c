import type { OpenAI } from 'openai';
import type { Provider } from '../provider.ts';
import { modelsFor } from '../settings.ts';
import type { ProviderSettings } from '../settings.ts';
import { createChat } from './chat.ts';
import type { ChatDialect } from './chat.ts';
import { createEmbed } from './embeddings.ts';
import { createTranscribe } from './transcriptions.ts';

/** What every client of the SDK gets: one attempt a call, and no word of prompts on the terminal. */
export const clientOptions = { maxRetries: 0, logLevel: 'off', organization: null, project: null, webhookSecret: null } as const;

/** A client must have a key; this one stands in where the server asks for none, and its header is not sent. */
export const noKey = 'none';

/** Creates a provider over a client of OpenAI's SDK, with the operations that its models have. */
export function createOpenAiWireProvider(settings: ProviderSettings, client: OpenAI, dialect: ChatDialect): Provider {
  const chat = modelsFor(settings, 'chat');
  const embedding = modelsFor(settings, 'embedding');
  const transcription = modelsFor(settings, 'transcription');
  return {
    id: settings.id,
    models: settings.models,
    ...(chat.length === 0 ? {} : createChat(client, chat, dialect)),
    ...(embedding.length === 0 ? {} : { embed: createEmbed(client, embedding) }),
    ...(transcription.length === 0 ? {} : { transcribe: createTranscribe(client, transcription) }),
  };
}
