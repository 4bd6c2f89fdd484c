import { toFile } from 'openai';
import type { OpenAI } from 'openai';
import { costOf } from '../price.ts';
import type { Consumption } from '../price.ts';
import type { Provider, Transcript } from '../provider.ts';
import { ProviderError } from '../provider-error.ts';
import type { TranscriptionModelSettings } from '../settings.ts';
import { toOptions } from './chat.ts';
import { toProviderError } from './to-provider-error.ts';

/** Servers tell the container by the name's ending. */
const endings: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/wav': 'wav',
  'audio/ogg': 'ogg',
  'audio/webm': 'webm',
  'audio/flac': 'flac',
  'audio/aac': 'aac',
};

/** Creates the transcription operation of a provider that speaks OpenAI's wire format. */
export function createTranscribe(client: OpenAI, models: readonly TranscriptionModelSettings[]): NonNullable<Provider['transcribe']> {
  return async ({ model, audio, contentType, language }, call) => {
    const settings = models.find(({ name }) => name === model);
    if (settings === undefined) throw new ProviderError('auth', `there is no model ${model} here`);
    try {
      const file = await toFile(audio, `recording.${endings[contentType] ?? 'wav'}`, { type: contentType });
      const answer: unknown = await client.audio.transcriptions.create(
        {
          file,
          model,
          ...(language === undefined ? {} : { language }),
          ...(settings.segments ? { response_format: 'verbose_json', timestamp_granularities: ['segment'] } : { response_format: 'json' }),
        },
        toOptions(call),
      );
      return readTranscript(answer, settings);
    } catch (error) {
      throw toProviderError(error, call.signal);
    }
  };
}

/** What `json` and `verbose_json` have between them. */
interface WireTranscript {
  text?: string;
  language?: string;
  duration?: number | string;
  segments?: { start: number; end: number; text: string }[];
  usage?: { type: 'duration'; seconds: number } | { type: 'tokens'; input_tokens: number; output_tokens: number };
}

function readTranscript(answer: unknown, { price }: TranscriptionModelSettings): Transcript {
  const { text, language, duration, segments, usage } = (typeof answer === 'object' ? (answer ?? {}) : {}) as WireTranscript;
  if (typeof text !== 'string') throw new ProviderError('transient', 'the answer holds no text');
  const consumed: Consumption =
    usage?.type === 'tokens'
      ? { inputTokens: usage.input_tokens, outputTokens: usage.output_tokens }
      : { audioSeconds: usage?.seconds ?? Number(duration ?? segments?.at(-1)?.end ?? 0) };
  return {
    text: text.trim(),
    language,
    segments: (segments ?? []).map(({ start, end, text: words }) => ({ startSeconds: start, endSeconds: end, text: words.trim() })),
    usage: { inputTokens: consumed.inputTokens ?? 0, outputTokens: consumed.outputTokens ?? 0, costMicroUsd: costOf(consumed, price) },
  };
}
