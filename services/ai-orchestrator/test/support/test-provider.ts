import { once } from 'node:events';
import { freeOfCharge } from '../../src/providers/price.ts';
import type { ChatProvider, ProviderAnswer, ProviderCall, ProviderEvent, ProviderRequest } from '../../src/providers/provider.ts';

/** One call as the provider got it. */
export interface SeenCall {
  readonly request: ProviderRequest;
  readonly call: ProviderCall;
  /** The provider's work has ended, in whatever way. */
  ended: boolean;
}

/** What a call brings: pieces of text as they are written, and how it ends. */
export interface Script {
  readonly pieces: readonly string[];
  readonly finishReason?: ProviderAnswer['finishReason'];
  /** Writes the pieces, then waits for the signal, and heeds it or not. */
  readonly then?: 'hang' | 'hang deaf' | 'fail' | 'no end';
}

/** A provider that answers as it is told: by real code behind the real port. */
export interface TestProvider extends ChatProvider {
  readonly seen: readonly SeenCall[];
  /** Forgets what it has seen. Call n brings script n, and those beyond the last script the last. */
  answerWith(...scripts: (Script | string)[]): void;
}

/** What each call costs. */
export const callUsage = { inputTokens: 30, outputTokens: 12, costMicroUsd: 7n };

export function createTestProvider({ contextTokens }: { contextTokens?: number } = {}): TestProvider {
  const seen: SeenCall[] = [];
  let scripts: readonly Script[] = [];

  async function* play(request: ProviderRequest, call: ProviderCall): AsyncGenerator<ProviderEvent> {
    const script = scripts[Math.min(seen.length, scripts.length - 1)]!;
    const own: SeenCall = { request, call, ended: false };
    seen.push(own);
    try {
      for (const text of script.pieces) yield { kind: 'text', text };
      if (script.then === 'hang deaf') await new Promise<never>(() => undefined);
      if (script.then === 'hang') await (call.signal.aborted ? undefined : once(call.signal, 'abort'));
      call.signal.throwIfAborted();
      if (script.then === 'fail') throw new Error('secret-key-123 was refused by api.example.com');
      if (script.then === 'no end') return;
      yield { kind: 'done', answer: { text: script.pieces.join(''), finishReason: script.finishReason ?? 'stop', usage: callUsage } };
    } finally {
      own.ended = true;
    }
  }

  return {
    id: contextTokens === undefined ? 'test' : 'small',
    models: ['test-1', 'test-2'].map((name) => ({ name, operation: 'chat', price: freeOfCharge, contextTokens })),
    seen,
    answerWith(...next) {
      seen.length = 0;
      scripts = next.map((script) => (typeof script === 'string' ? { pieces: [script] } : script));
    },
    stream: play,
    async complete(request, call) {
      for await (const event of play(request, call)) if (event.kind === 'done') return event.answer;
      throw new Error('there was no answer');
    },
  };
}
