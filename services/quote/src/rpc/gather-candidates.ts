import type { CompleteResponse, Generation } from '@quotemaster/contract/ai';
import { quoteErrors } from '@quotemaster/contract/quote';
import { AppError, commonErrors } from '@quotemaster/errors';
import { withSpan } from '@quotemaster/observe';
import type { RpcCall } from '@quotemaster/rpc';
import type { Ask } from '../clients/ai.ts';
import type { Context } from '../context.ts';
import { toCandidate } from '../domain/candidate.ts';
import type { Candidate } from '../domain/candidate.ts';
import type { Origin } from '../domain/origin.ts';
import { buildPrompt } from '../domain/prompt.ts';
import type { QuoteWish } from '../domain/prompt.ts';
import { selectCandidates } from '../domain/selection.ts';
import { degradedAnswer } from './degraded-answer.ts';

/** The first ask and two more where its answer left too little. */
const asksMax = 3;
/** What is left of the deadline for storing, in milliseconds; of a short deadline a tenth. */
const storeReserveMs = 500;

/**
 * Puts one ask to ai-orchestrator, whole or as a stream. `firstIndex` is the number of quotes asked for before: the
 * deltas of a later ask count on from there.
 */
export type PutAsk = (ask: Ask, timeoutMs: number, firstIndex: number) => Promise<CompleteResponse>;

/** What was asked and answered for one request so far. It outlives a store that lost a race. */
export interface Gathering {
  /**
   * Gives what can be stored now, best first: up to the wished count and at least one. Asks, and asks anew, as needed.
   * @throws AppError `quote.nothing_new`, or what the last ask failed with when nothing is in hand.
   */
  gather(): Promise<Candidate[]>;
  /** One for each answer, paid for whether kept or not. */
  readonly origins: readonly Origin[];
}

/**
 * Creates the gathering of one request. With a seed, quotes that the user already has are welcome, and a further ask takes
 * the next seed: the same request walks the same way again.
 */
export function createGathering(
  context: Pick<Context, 'quotes' | 'clock' | 'ai' | 'config' | 'events'>,
  request: {
    readonly wish: QuoteWish;
    readonly userId: string;
    readonly seed: bigint | undefined;
    readonly fresh: boolean;
    readonly putAsk: PutAsk;
  },
  call: RpcCall,
): Gathering {
  const { quotes, clock } = context;
  const { wish, userId, seed, putAsk } = request;
  const candidates: Candidate[] = [];
  const origins: Origin[] = [];
  let asks = 0;
  let asked = 0;
  let slowestAskMs = 0;

  async function ask(count: number): Promise<void> {
    const prompt = buildPrompt(wish, count);
    const firstIndex = asked;
    const isFirst = asks === 0;
    const remainingMs = call.remainingMs();
    const startedAt = clock.monotonic();
    const seedOfAsk = seed === undefined ? {} : { seed: seed + BigInt(asks) };
    asks += 1;
    asked += count;
    const whole: Ask = { ...prompt, messages: [...prompt.messages], fresh: request.fresh || !isFirst, ...seedOfAsk };
    const timeoutMs = Math.max(1, Math.floor(remainingMs - Math.min(storeReserveMs, remainingMs / 10)));
    const { answer, reason } = await put(whole, timeoutMs, firstIndex);
    slowestAskMs = Math.max(slowestAskMs, clock.monotonic() - startedAt);
    const origin = toOrigin(answer.generation, reason);
    origins.push(origin);
    await withSpan('quote.analyse', { 'quote.candidates': answer.quotes.length }, () => {
      candidates.push(...answer.quotes.flatMap((written) => toCandidate(written, wish, origin) ?? []));
    });
  }

  /** With empty hands a lesser answer is better than none. */
  async function put(whole: Ask, timeoutMs: number, firstIndex: number): Promise<{ answer: CompleteResponse; reason?: string }> {
    try {
      return { answer: await putAsk(whole, timeoutMs, firstIndex) };
    } catch (error) {
      const degraded = candidates.length > 0 ? undefined : await degradedAnswer(context, whole, error, call);
      if (degraded === undefined) throw error;
      return degraded;
    }
  }

  async function choose(): Promise<Candidate[]> {
    const owned =
      seed === undefined
        ? await quotes.ownedHashes(
            userId,
            candidates.map((candidate) => candidate.textHash),
          )
        : new Set<string>();
    return selectCandidates(candidates, owned, wish.count);
  }

  /** A further ask that could not end in time is not begun. */
  const mayAsk = (): boolean => asks === 0 || (asks < asksMax && call.remainingMs() > slowestAskMs + storeReserveMs);

  return {
    origins,
    async gather() {
      let chosen = await choose();
      while (chosen.length < wish.count && mayAsk()) {
        try {
          await ask(wish.count - chosen.length);
        } catch (error) {
          // Some quotes now are better than none: only a caller that has gone, or empty hands, make this a failure.
          if (chosen.length === 0 || call.signal.aborted) throw error;
          call.logger.warn({ err: error, asks, inHand: chosen.length }, 'a further ask failed; storing what is in hand');
          break;
        }
        chosen = await choose();
      }
      if (chosen.length === 0) throw new AppError(quoteErrors.nothingNew, { reason: `nothing new in ${String(asks)} asks` });
      return chosen;
    },
  };
}

function toOrigin(generation: Generation | undefined, degradedReason: string | undefined): Origin {
  if (generation?.usage === undefined) {
    throw new AppError(commonErrors.internal, { reason: 'ai-orchestrator answered without generation or usage' });
  }
  const { provider, model, cached, degraded, decisionId, latencyMs, usage } = generation;
  const { inputTokens, outputTokens, costMicroUsd } = usage;
  return {
    ...{ provider, model, cached, decisionId, latencyMs, usage: { inputTokens, outputTokens, costMicroUsd } },
    degraded: degraded || degradedReason !== undefined,
    degradedReason,
  };
}
