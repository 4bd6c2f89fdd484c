import { setImmediate } from 'node:timers/promises';
import { freeOfCharge } from '../price.ts';
import type { ChatProvider, ProviderAnswer, ProviderCall, ProviderRequest } from '../provider.ts';
import { createRecall } from './chooser.ts';
import { compose } from './compose.ts';
import { createSeededRandom, hashText } from './seeded-random.ts';

/** Phrases, patterns and texts kept from seedless calls, so that a hundred of them in a row read like a hundred thoughts. */
const recallLimit = 400;

/**
 * Creates the built-in provider, which needs no network: it composes quotes from a grammar of its own.
 *
 * It reads the brief and never the messages, so nothing in a prompt can give it orders. It writes English, whatever language
 * is asked for, and costs nothing. A seed makes the answer a function of seed and brief; without one, chance comes from
 * `random` (numbers in [0, 1)) and what was used lately is avoided.
 */
export function createOfflineProvider({ random }: { readonly random: () => number }): ChatProvider {
  const recall = createRecall(recallLimit);

  function answer({ brief, seed, maxOutputTokens }: ProviderRequest): ProviderAnswer {
    const wanted = { ...brief, count: Math.max(1, brief.count) };
    const quotes =
      seed === undefined
        ? compose(wanted, random, recall)
        : compose(wanted, createSeededRandom(hashText(JSON.stringify([String(seed), brief]))));
    const kept = quotes.slice(0, fitting(quotes, maxOutputTokens));
    const text = kept.join('\n');
    return {
      text,
      finishReason: kept.length < quotes.length ? 'length' : 'stop',
      usage: { inputTokens: countTokens(brief.prompt), outputTokens: countTokens(text), costMicroUsd: 0n },
    };
  }

  return {
    id: 'offline',
    models: [{ name: 'offline-composer-1', operation: 'chat', price: freeOfCharge }],
    complete(request, { signal }) {
      return new Promise((resolve) => {
        signal.throwIfAborted();
        resolve(answer(request));
      });
    },
    async *stream(request: ProviderRequest, { signal }: ProviderCall) {
      signal.throwIfAborted();
      const whole = answer(request);
      for (const text of piecesOf(whole.text)) {
        yield { kind: 'text', text };
        // A turn of the loop: other calls go on, and the news that the reader has left can come in.
        await setImmediate();
        signal.throwIfAborted();
      }
      yield { kind: 'done', answer: whole };
    },
  };
}

/** How many quotes, from the first, stay within the bound of tokens: a quote is never cut. */
function fitting(quotes: readonly string[], maxTokens: number | undefined): number {
  if (maxTokens === undefined) return quotes.length;
  const fits = quotes.findIndex((_, index) => countTokens(quotes.slice(0, index + 1).join('\n')) > maxTokens);
  return fits === -1 ? quotes.length : fits;
}

/** Three words at a time; put together they are the text again. */
function piecesOf(text: string): string[] {
  return text.match(/(?:\S+\s*){1,3}/gu) ?? [];
}

/** The rule of thumb for English: four tokens for three words. */
function countTokens(text: string): number {
  return Math.ceil(((text.match(/\S+/gu)?.length ?? 0) * 4) / 3);
}
