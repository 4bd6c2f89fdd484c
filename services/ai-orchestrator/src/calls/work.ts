import type { AttemptUsage } from '../domain/decision.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { LimitsLeft } from '../domain/quota-gate.ts';
import type { Provider, ProviderModel } from '../providers/provider.ts';

/** The bounds of one call of a provider, and what it tells on its way. */
export interface CallBounds {
  /** Fires when nobody waits for this call any more. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** How long a stream may take to its first token, and from each to the next. */
  readonly firstTokenMs: number;
  readonly stallMs: number;
  /** The decision that the request is explained by. */
  readonly decisionId: string;
  /** Which call of the request it is, from 0. */
  readonly index: number;
  /**
   * To be told each piece of text as it comes. @throws LostRace when another call of the request was quicker: then it has nothing
   * more to say.
   */
  heard(text: string): void;
  /** Waits until the reader has taken a piece. That time is not the provider's. */
  passOn(told: Promise<void>): Promise<void>;
}

/** What any operation answers with. */
export interface CallAnswer {
  readonly usage: AttemptUsage;
  readonly limits?: LimitsLeft | undefined;
}

/** What an answer is worth: something for the caller, or the fault. `cut` is a part of an answer that is good by itself. */
export type Judged<R> =
  | { readonly outcome: 'ok' | 'cut'; readonly value: R; readonly scores?: readonly number[] }
  | { readonly outcome: Exclude<Outcome, 'ok' | 'cut'> };

/** One request as it is put to providers: what Complete, Chat, Embed and Transcribe differ in. */
export interface Work<A extends CallAnswer, R> {
  readonly operation: ProviderModel['operation'];
  /** As the request names it. */
  readonly model: string;
  readonly streamed: boolean;
  /** The prompt is at least so many tokens, */
  readonly inputTokensMin: number;
  /** and an answer is expected to be so many. */
  readonly outputTokens: number;
  put(provider: Provider, model: string, bounds: CallBounds): Promise<A>;
  judge(answer: A): Judged<R>;
  /** False once something of an answer has reached the caller: words can't be taken back. */
  mayAskAgain(): boolean;
  /** The most that a call of this model may have cost that gave no account, having written `text`. */
  upperUsage(model: ProviderModel, text: string): AttemptUsage;
}

/** Whoever read the answer has gone. */
export class NobodyReads extends Error {
  override readonly name = 'NobodyReads';

  constructor() {
    super('nobody reads the answer any more');
  }
}

/** Another call of the same request was quicker. */
export class LostRace extends Error {
  override readonly name = 'LostRace';

  constructor() {
    super('another call of the request was quicker');
  }
}
