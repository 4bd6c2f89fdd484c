import type { OpenAI } from 'openai';
import { httpFetch } from '../http-client.ts';
import type { Provider } from '../provider.ts';
import { modelsFor } from '../settings.ts';
import type { ProviderSettings } from '../settings.ts';
import { ProviderError } from '../provider-error.ts';
import { createChat, toOptions } from './chat.ts';
import type { ChatDialect } from './chat.ts';
import { createEmbed } from './embeddings.ts';
import { toProviderError } from './to-provider-error.ts';
import { createTranscribe } from './transcriptions.ts';

/** What every client of the SDK gets: one attempt a call, and no word of prompts on the terminal. */
export const clientOptions = {
  maxRetries: 0,
  logLevel: 'off',
  organization: null,
  project: null,
  webhookSecret: null,
  fetch: httpFetch,
} as const;

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
    async probe(call) {
      try {
        await client.models.list(toOptions(call));
      } catch (error) {
        const failure = toProviderError(error, call.signal);
        // A server that has no such page is there all the same.
        if (!(failure instanceof ProviderError && (failure.status === 404 || failure.status === 405))) throw failure;
      }
    },
  };
}
