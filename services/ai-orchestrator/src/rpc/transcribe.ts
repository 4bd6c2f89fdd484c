import { InferenceService } from '@quotemaster/contract/ai';
import { handleRpc } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import { runRequest } from '../calls/run-request.ts';
import type { RunContext } from '../calls/run-request.ts';
import { costOf } from '../providers/price.ts';
import { ProviderError } from '../providers/provider-error.ts';
import type { Transcript } from '../providers/provider.ts';
import { toGeneration } from './to-generation.ts';

/** No codec in use makes less than so many bytes of a second of speech. */
const bytesPerSecondMin = 1_000;

export function transcribe(context: RunContext): RpcHandler {
  return handleRpc(InferenceService.method.transcribe, async ({ model, audio, contentType, language }, call) => {
    const result = await runRequest<Transcript, Transcript>(
      context,
      {
        operation: 'transcription',
        model,
        streamed: false,
        inputTokensMin: 0,
        outputTokens: 0,
        put: (provider, name, bounds) => {
          if (provider.transcribe === undefined) throw new ProviderError('auth', `${provider.id} does not transcribe`);
          return provider.transcribe({ model: name, audio, contentType, language: language === '' ? undefined : language }, bounds);
        },
        // A recording may well hold no word.
        judge: (value) => ({ outcome: 'ok', value }),
        mayAskAgain: () => true,
        upperUsage: ({ price }) => {
          const costMicroUsd = costOf({ audioSeconds: audio.length / bytesPerSecondMin }, price);
          return { inputTokens: 0, outputTokens: 0, costMicroUsd, estimated: true };
        },
      },
      call,
    );
    const { text, language: spoken, segments } = result.value;
    return { text, language: spoken ?? '', segments: [...segments], generation: toGeneration(result) };
  });
}
