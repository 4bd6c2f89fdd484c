import { createDraws } from './seeded-draws.ts';
import type { Draws } from './seeded-draws.ts';

/** Why an option may not be asked now. */
export type Exclusion =
  /** Its circuit is open, or its one trial is somebody else's. */
  | 'breaker'
  /** It refused for its limits, and its time is not up. */
  | 'quota'
  /** Switched off, or draining, by an administrator. */
  | 'disabled'
  | 'draining'
  /** Its 95th percentile is longer than the request has left. */
  | 'too_slow'
  /** As many calls are under way as it may have. */
  | 'busy'
  /** It has failed this request already. */
  | 'failed'
  /** Its window is too small for the prompt. */
  | 'too_small';

/** One model that could answer, with its factors as they are now. All that the choice depends on is in here. */
export interface ChoiceOption {
  /** "provider/model". */
  readonly key: string;
  readonly excluded?: Exclusion | undefined;
  /** Excluded: milliseconds until that may be over; 0 where nobody knows. */
  readonly retryAfterMs?: number | undefined;
  /** The call would be its breaker's trial. */
  readonly isTrial: boolean;
  /** How long an answer is expected to take, in milliseconds; undefined before the first sample. */
  readonly latencyMs: number | undefined;
  /** What nine in ten of its calls are surely good for, 0..1. */
  readonly success: number;
  /** US dollars for a thousand tokens. */
  readonly costUsd: number;
  /** The share of its traffic that the breaker lets it carry, 0..1. */
  readonly ramp: number;
  /** The share of its limits that is left, 0..1. */
  readonly headroom: number;
  readonly inFlight: number;
  readonly inFlightMax: number;
  /** How many calls it is known by. */
  readonly samples: number;
  /** An administrator's or the file's wish: 2 is drawn twice as often as 1. */
  readonly weight: number;
}

/** The weights of the five factors, and the scales of two of them. */
export interface ChoicePolicy {
  readonly weights: {
    readonly latency: number;
    readonly success: number;
    readonly cost: number;
    readonly breaker: number;
    readonly quota: number;
  };
  /** An answer that takes as long as this is worth half of one that takes no time. */
  readonly latencyTargetMs: number;
  /** A price of this for a thousand tokens is worth half of none. */
  readonly costTargetUsd: number;
  /** The share of traffic that every healthy option keeps, whatever its utility. */
  readonly floor: number;
  /** An option is new until it has so many samples, and is offered at most this share of requests until then. */
  readonly newSamples: number;
  readonly newShare: number;
}

/** The five factors of an option, each 0..1, and their weighted mean. */
export interface Utility {
  readonly latency: number;
  readonly success: number;
  readonly cost: number;
  readonly breaker: number;
  readonly quota: number;
  readonly total: number;
}

/** Why the chosen one was chosen. */
export type Why =
  /** Nobody else may be asked. */
  | 'only'
  /** Its breaker needs a trial. */
  | 'trial'
  /** Its share of traffic that everybody keeps. */
  | 'floor'
  /** The better of the two drawn. */
  | 'better_of_two';

export interface Choice {
  readonly chosen: string;
  readonly why: Why;
  /** The two that were compared. */
  readonly drawn: readonly string[];
  /** Of every option that was not excluded, by key. */
  readonly utilities: Readonly<Record<string, Utility>>;
  /** Left out of this draw alone: still ramping up, or too new. */
  readonly setAside: readonly string[];
}

/** How sharply the draw prefers the better: a difference of this much in utility makes one e times as likely. */
const temperature = 0.1;
/** Limits of which less than this is left count as scarce. */
const scarce = 0.2;

/**
 * Chooses among the options that are not excluded; undefined where there are none. A pure function: the same options, policy and
 * seed give the same choice.
 *
 * Two are drawn, each as likely as e^(score / 0.1), and the one of the higher score is taken. Score is utility + 0.1 × ln(weight), so
 * that of equals a weight of 2 is drawn twice as often as 1. Utility is the weighted mean of five factors, each 0..1 on a scale of its
 * own, so that an option's worth does not hang on who else is there:
 *
 * - latency: T / (T + expected time), a logistic function of the logarithm; the expected time grows with the calls under way
 * - success: the lower confidence bound of the share that goes well
 * - cost: C / (C + price)
 * - breaker: the share that its breaker lets it carry
 * - quota: what is left of its limits, as soon as that is scarce
 *
 * An option with few samples is taken for the median of the others, in so far as it is not yet known, and offered a share of the
 * requests alone, as is one that ramps up.
 */
export function choose(options: readonly ChoiceOption[], policy: ChoicePolicy, seed: number): Choice | undefined {
  const open = options.filter(({ excluded }) => excluded === undefined);
  const first = open[0];
  if (first === undefined) return undefined;
  const utilities = utilitiesOf(open, policy);
  const choice = (chosen: ChoiceOption, why: Why, drawn: readonly ChoiceOption[] = [chosen], setAside: readonly string[] = []): Choice => ({
    chosen: chosen.key,
    why,
    drawn: drawn.map(({ key }) => key),
    utilities,
    setAside,
  });
  if (open.length === 1) return choice(first, 'only');
  const trial = open.find(({ isTrial }) => isTrial);
  if (trial !== undefined) return choice(trial, 'trial');

  const draws = createDraws(seed);
  const offered = offeredOf(open, policy, draws);
  const setAside = open.filter((option) => !offered.includes(option)).map(({ key }) => key);
  const only = offered[0];
  if (offered.length === 1 && only !== undefined) return choice(only, 'only', [only], setAside);
  if (draws.next() < Math.min(0.5, policy.floor * offered.length)) {
    const lucky = offered[draws.weighted(offered.map(() => 1))] ?? first;
    return choice(lucky, 'floor', [lucky], setAside);
  }
  const drawn = drawTwo(offered, utilities, draws);
  const best = drawn.reduce((one, other) => (scoreOf(utilities, other) > scoreOf(utilities, one) ? other : one));
  return choice(best, 'better_of_two', drawn, setAside);
}

/** Those that are offered this time. One at least: who is alone carries everything. */
function offeredOf(open: readonly ChoiceOption[], { newSamples, newShare }: ChoicePolicy, draws: Draws): readonly ChoiceOption[] {
  const isNew = ({ samples }: ChoiceOption): boolean => samples < newSamples;
  const allNew = open.every(isNew);
  const offered = open.filter((option) => {
    const share = Math.min(option.ramp, isNew(option) && !allNew ? newShare : 1);
    return share >= 1 || draws.next() < share;
  });
  return offered.length > 0 ? offered : open;
}

function drawTwo(options: readonly ChoiceOption[], utilities: Choice['utilities'], draws: Draws): readonly ChoiceOption[] {
  const scores = options.map((option) => scoreOf(utilities, option));
  const best = Math.max(...scores);
  const weights = scores.map((score) => Math.exp((score - best) / temperature) + Number.MIN_VALUE);
  const one = draws.weighted(weights);
  const other = draws.weighted(weights.with(one, 0));
  return [one, other].toSorted((a, b) => a - b).flatMap((index) => options[index] ?? []);
}

function scoreOf(utilities: Choice['utilities'], { key, weight }: ChoiceOption): number {
  return (utilities[key]?.total ?? 0) + temperature * Math.log(weight);
}

function utilitiesOf(open: readonly ChoiceOption[], policy: ChoicePolicy): Record<string, Utility> {
  const known = open.filter(({ samples }) => samples >= policy.newSamples);
  const usualMs = median(open.flatMap(({ latencyMs }) => latencyMs ?? [])) ?? policy.latencyTargetMs;
  const usualSuccess = median(known.map(({ success }) => success));
  return Object.fromEntries(open.map((option) => [option.key, utilityOf(option, policy, usualMs, usualSuccess)]));
}

function utilityOf(option: ChoiceOption, policy: ChoicePolicy, usualMs: number, usualSuccess: number | undefined): Utility {
  const { weights, latencyTargetMs, costTargetUsd, newSamples } = policy;
  const knownBy = newSamples === 0 ? 1 : Math.min(1, option.samples / newSamples);
  const busy = option.inFlightMax === 0 ? 0 : option.inFlight / option.inFlightMax;
  const latencyMs = (option.latencyMs ?? usualMs) * (1 + busy);
  const latency = latencyTargetMs / (latencyTargetMs + latencyMs);
  const success = option.success * knownBy + (usualSuccess ?? option.success) * (1 - knownBy);
  const cost = costTargetUsd / (costTargetUsd + option.costUsd);
  const breaker = option.ramp;
  const quota = Math.min(1, option.headroom / scarce);
  const sum =
    weights.latency * latency + weights.success * success + weights.cost * cost + weights.breaker * breaker + weights.quota * quota;
  const all = weights.latency + weights.success + weights.cost + weights.breaker + weights.quota;
  return { latency, success, cost, breaker, quota, total: all === 0 ? 0 : sum / all };
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
