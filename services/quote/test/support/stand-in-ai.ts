import { AiService } from '@quotemaster/contract/ai';
import type { CompleteRequest } from '@quotemaster/contract/ai';
import { createMetrics } from '@quotemaster/observe';
import { createRpcServer, handleRpc } from '@quotemaster/rpc';
import type { RpcCall } from '@quotemaster/rpc';
import type { ServiceVerifier } from '@quotemaster/auth';
import { createMemoryLog } from '@quotemaster/testkit';

/** One ask as the stand-in got it. */
export interface SeenAsk {
  readonly request: CompleteRequest;
  readonly remainingMs: number;
  readonly signal: AbortSignal;
  readonly userId: string | undefined;
}

/** Gives the texts to answer an ask with; `number` counts the asks from 1. Throwing fails the ask. */
export type Answer = (ask: SeenAsk, number: number) => readonly string[] | Promise<readonly string[]>;

/** Stands in for ai-orchestrator over real gRPC; a test tells it what to answer. */
export interface StandInAi {
  readonly address: string;
  readonly asks: readonly SeenAsk[];
  /** Forgets what it has seen and answers so from now on. */
  answerWith(answer: Answer): void;
  stop(): Promise<void>;
}

/** What one ask of the stand-in costs. */
export const askUsage = { inputTokens: 40, outputTokens: 20, costMicroUsd: 15n };

export async function startStandInAi(verifier: ServiceVerifier): Promise<StandInAi> {
  const asks: SeenAsk[] = [];
  let current: Answer = () => [];

  async function answer(request: CompleteRequest, call: RpcCall): Promise<{ texts: readonly string[]; number: number }> {
    const ask = { request, remainingMs: call.remainingMs(), signal: call.signal, userId: call.principal?.userId };
    asks.push(ask);
    const number = asks.length;
    return { texts: await current(ask, number), number };
  }
  const whole = (texts: readonly string[], number: number) => ({
    quotes: texts.map((text) => ({ text, quality: { score: 0.5, parts: {} } })),
    generation: {
      provider: 'stand-in',
      model: 'stand-in-1',
      cached: 'none',
      degraded: false,
      decisionId: `decision-${String(number)}`,
      latencyMs: 7,
      usage: askUsage,
    },
  });

  const server = createRpcServer({
    name: 'ai-orchestrator',
    handlers: [
      handleRpc(AiService.method.complete, async (request, call) => {
        const { texts, number } = await answer(request, call);
        return whole(texts, number);
      }),
      handleRpc(AiService.method.streamComplete, async function* ({ request }, call) {
        const { texts, number } = await answer(request!, call);
        for (const [index, text] of texts.entries()) {
          for (const word of text.split(/(?<= )/)) yield { event: { case: 'delta' as const, value: { index, text: word } } };
        }
        yield { event: { case: 'done' as const, value: whole(texts, number) } };
      }),
    ],
    verifier,
    logger: createMemoryLog('stand-in').logger,
    metrics: createMetrics({ service: 'stand-in' }),
    port: 0,
    reflection: false,
    drainMs: 500,
  });
  await server.start();
  return {
    address: server.address,
    asks,
    answerWith(next) {
      asks.length = 0;
      current = next;
    },
    stop: () => server.stop(),
  };
}
