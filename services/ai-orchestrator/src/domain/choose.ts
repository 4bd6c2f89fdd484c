import { admits } from './breaker.ts';
import type { BreakerPolicy } from './breaker.ts';
import { successNow } from './record.ts';
import type { ProviderRecord } from './record.ts';

/** One model that could answer, and what is known of it. */
export interface Option {
  /** "provider/model". */
  readonly key: string;
  readonly record: ProviderRecord;
  /** What a thousand tokens cost, in US dollars. */
  readonly costUsd: number;
}

export interface ChoicePolicy {
  readonly breaker: BreakerPolicy;
  readonly weights: {
    readonly latency: number;
    readonly success: number;
    readonly cost: number;
    /** A call that takes as long as this is worth half of one that takes no time. */
    readonly latencyTargetMs: number;
    /** A price of this for a thousand tokens is worth half of none. */
    readonly costTargetUsd: number;
  };
}

export type Exclusion = 'breaker' | 'quota';

export interface ChoiceResult<O extends Option> {
  /** The best that may be asked now; undefined where none may. */
  readonly chosen: O | undefined;
  readonly excluded: readonly { readonly key: string; readonly reason: Exclusion; readonly retryAfterMs: number }[];
}

/**
 * Chooses the option of the highest utility among those whose breaker and quota let a call pass; of equals the first.
 *
 * Utility is the weighted mean of three factors in 0..1 on scales of their own, so that an option's worth does not hang on
 * who else is there: latency and cost by their targets, success as the share of calls that went well. An option without
 * a sample has the median latency of the others.
 */
export function choose<O extends Option>(options: readonly O[], now: number, policy: ChoicePolicy): ChoiceResult<O> {
  const excluded = options.flatMap((option) => exclusionOf(option, now, policy) ?? []);
  const out = new Set(excluded.map(({ key }) => key));
  const open = options.filter(({ key }) => !out.has(key));
  const usualMs = median(options.flatMap(({ record }) => record.latencyMs ?? [])) ?? policy.weights.latencyTargetMs;
  let chosen: O | undefined;
  let best = -Infinity;
  for (const option of open) {
    const utility = utilityOf(option, usualMs, now, policy);
    if (utility > best) [chosen, best] = [option, utility];
  }
  return { chosen, excluded };
}

function exclusionOf(
  { key, record }: Option,
  now: number,
  { breaker }: ChoicePolicy,
): ChoiceResult<Option>['excluded'][number] | undefined {
  if (record.gatedUntil > now) return { key, reason: 'quota', retryAfterMs: record.gatedUntil - now };
  if (admits(record.breaker, now, breaker)) return undefined;
  const until = record.breaker.kind === 'open' ? record.breaker.until : now;
  return { key, reason: 'breaker', retryAfterMs: until - now };
}

function utilityOf({ record, costUsd }: Option, usualMs: number, now: number, { weights }: ChoicePolicy): number {
  const latency = weights.latencyTargetMs / (weights.latencyTargetMs + (record.latencyMs ?? usualMs));
  const cost = weights.costTargetUsd / (weights.costTargetUsd + costUsd);
  return weights.latency * latency + weights.success * successNow(record, now) + weights.cost * cost;
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
