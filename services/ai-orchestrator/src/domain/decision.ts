import type { Choice, ChoiceOption, ChoicePolicy } from './choose.ts';
import type { Outcome } from './outcome.ts';

/** One choice among the candidates of a request, with all that it hung on: `choose(options, policy, seed)` gives it again. */
export interface ChoiceRecord extends Choice {
  readonly seed: number;
  /** Milliseconds from the request's beginning. */
  readonly atMs: number;
  readonly options: readonly ChoiceOption[];
  /** What the call was for. */
  readonly purpose: Purpose;
}

export type Purpose = 'first' | 'failover' | 'retry' | 'hedge';

/** What a call consumed. */
export interface AttemptUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicroUsd: bigint;
  readonly estimated?: boolean | undefined;
}

/** One call of a provider. */
export interface AttemptRecord {
  readonly provider: string;
  readonly model: string;
  readonly purpose: Purpose;
  readonly isTrial: boolean;
  /** Milliseconds from the request's beginning. */
  readonly startedMs: number;
  readonly durationMs: number;
  /** From the call's beginning; undefined where no token came, or the answer came whole. */
  readonly firstTokenMs: number | undefined;
  readonly outcome: Outcome;
  /** The HTTP status of a refusal; undefined otherwise. */
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly usage: AttemptUsage;
}

/** Why a request was answered as it was: kept for seven days. Not a word of prompts or answers. */
export interface Decision {
  /** A UUIDv7. */
  readonly id: string;
  /** Whose request it was; undefined for background work. */
  readonly userId: string | undefined;
  /** Milliseconds of the epoch. */
  readonly createdAt: number;
  readonly operation: 'chat' | 'embedding' | 'transcription';
  /** As the request named it; empty for any. */
  readonly model: string;
  readonly streamed: boolean;
  /** What the request had to be answered in, and what it took. */
  readonly timeoutMs: number;
  readonly latencyMs: number;
  /** `ok`, or the code of the error. */
  readonly outcome: string;
  readonly cached: 'none' | 'exact' | 'similar';
  /** The mean score of the answer, 0..1; undefined where it was not scored. */
  readonly quality: number | undefined;
  readonly usage: AttemptUsage;
  readonly policy: ChoicePolicy;
  readonly choices: readonly ChoiceRecord[];
  readonly attempts: readonly AttemptRecord[];
}
