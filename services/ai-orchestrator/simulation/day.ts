import { toPrice } from '../src/ai-config/default-models.ts';
import { choose } from '../src/domain/choose.ts';
import type { ChoiceOption, ChoicePolicy } from '../src/domain/choose.ts';
import { createDraws } from '../src/domain/seeded-draws.ts';
import { costOf } from '../src/providers/price.ts';
import type { Provider } from '../src/providers/provider.ts';
import { defaultTraffic } from '../src/providers/settings.ts';
import { createPool } from '../src/selection/pool.ts';
import type { Member } from '../src/selection/pool.ts';
import { createFates, providers } from './providers.ts';
import { createVirtualTime } from './virtual-time.ts';

/** Ways to choose among the candidates that are not excluded. Breakers, limits and failover are the same for all. */
export const strategies = ['ours', 'round robin', 'least latency', 'random'] as const;
export type Strategy = (typeof strategies)[number];

/** What one request came to. */
export interface SimulatedRequest {
  /** When it came, in milliseconds from midnight. */
  readonly at: number;
  readonly ok: boolean;
  readonly latencyMs: number;
  readonly calls: number;
  /** Who answered, or was asked last. */
  readonly provider: string;
  readonly costMicroUsd: number;
}

export interface DayOptions {
  readonly strategy: Strategy;
  readonly seed: number;
  readonly hours: number;
  /** Requests a second, on the average of the day. */
  readonly perSecond: number;
  readonly policy: ChoicePolicy;
}

const breaker = { failures: 5, windowMs: 60_000, failureShare: 0.2, openMs: 30_000, openMaxMs: 300_000, rampMs: 30_000 };
const deadlineMs = 10_000;
const timeoutMs = 8_000;
const callsMax = 3;
const tokens = { inputTokens: 300, outputTokens: 120 };

/** Lives through a day of traffic: more at noon than at night, each request with its deadline, at most three calls each. */
export async function simulateDay({ strategy, seed, hours, perSecond, policy }: DayOptions): Promise<readonly SimulatedRequest[]> {
  const time = createVirtualTime();
  const fateOf = createFates(seed, timeoutMs);
  const arrivals = createDraws(seed + 1_000);
  const chooseOne = chooser(strategy, policy, seed + 2_000);
  const pool = createPool({
    providers: providers.map((one) => ({ provider: toProvider(one.id, one.price), traffic: { ...defaultTraffic, inFlightMax: 1_000 } })),
    config: { breaker },
    clock: time,
    trials: { seek: () => Promise.resolve({ kind: 'granted', end: () => undefined }) },
  });
  const members = pool.named('auto', 'chat');
  const done: SimulatedRequest[] = [];

  async function request(at: number): Promise<SimulatedRequest> {
    const failed = new Set<string>();
    let calls = 0;
    let cost = 0n;
    for (;;) {
      await pool.seekTrials(members);
      const remainingMs = at + deadlineMs - time.now();
      const options = members.map((member) => {
        const option = pool.option(member, { streamed: false, remainingMs, outputTokens: tokens.outputTokens });
        return option.excluded === undefined && failed.has(option.key) ? { ...option, excluded: 'failed' as const } : option;
      });
      const member = chooseOne(options, members);
      const end = (ok: boolean, provider: string): SimulatedRequest => {
        return { at, ok, latencyMs: time.now() - at, calls, provider, costMicroUsd: Number(cost) };
      };
      if (member === undefined || remainingMs <= 0) return end(false, 'nobody');
      calls += 1;
      const begun = pool.begin(member);
      const one = providers.find(({ id }) => id === member.provider.id) as (typeof providers)[number];
      const fate = fateOf(one, time.now());
      const durationMs = Math.min(fate.durationMs, remainingMs);
      await time.until(time.now() + durationMs);
      begun.end({ outcome: fate.outcome, durationMs, streamed: false, retryAfterMs: fate.retryAfterMs });
      if (fate.outcome === 'ok' || fate.outcome === 'timeout') cost += costOf(tokens, member.model.price);
      if (fate.outcome === 'ok' && durationMs === fate.durationMs) return end(true, member.provider.id);
      failed.add(member.key);
      if (calls === callsMax) return end(false, member.provider.id);
    }
  }

  async function arrive(): Promise<void> {
    for (let at = 0; at < hours * 3_600_000;) {
      // Half as much at midnight, half as much again at noon.
      const share = 1 - 0.5 * Math.cos((2 * Math.PI * at) / 86_400_000);
      at += (-Math.log(1 - arrivals.next()) * 1_000) / (perSecond * share);
      await time.until(at);
      void request(at).then((one) => done.push(one));
    }
  }

  void arrive();
  await time.run();
  return done;
}

type Choose = (options: readonly ChoiceOption[], members: readonly Member[]) => Member | undefined;

function chooser(strategy: Strategy, policy: ChoicePolicy, seed: number): Choose {
  const draws = createDraws(seed);
  let turn = 0;
  return (options, members) => {
    const open = options.filter(({ excluded }) => excluded === undefined);
    const memberOf = (option: ChoiceOption | undefined): Member | undefined => members.find(({ key }) => key === option?.key);
    switch (strategy) {
      case 'ours': {
        const choice = choose(options, policy, Math.floor(draws.next() * 2 ** 32));
        return members.find(({ key }) => key === choice?.chosen);
      }
      case 'round robin':
        return memberOf(open[(turn += 1) % Math.max(1, open.length)]);
      case 'least latency':
        return memberOf(open.toSorted((one, other) => (one.latencyMs ?? 0) - (other.latencyMs ?? 0))[0]);
      case 'random':
        return memberOf(open[Math.floor(draws.next() * open.length)]);
    }
  };
}

function toProvider(id: string, price: { input: number; output: number }): Provider {
  return { id, models: [{ name: 'm', operation: 'chat', price: toPrice(price) }] };
}

/** What a strategy made of its day. */
export interface DayFigures {
  readonly requests: number;
  /** The share that was answered. */
  readonly success: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** US dollars for a thousand requests. */
  readonly costUsd: number;
  readonly callsPerRequest: number;
  /** The share that each provider answered. */
  readonly shares: Readonly<Record<string, number>>;
}

export function figuresOf(requests: readonly SimulatedRequest[]): DayFigures {
  const sorted = requests.map(({ latencyMs }) => latencyMs).toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const count = Math.max(1, requests.length);
  const sum = (of: (one: SimulatedRequest) => number): number => requests.reduce((total, one) => total + of(one), 0);
  return {
    requests: requests.length,
    success: sum(({ ok }) => (ok ? 1 : 0)) / count,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    costUsd: sum(({ costMicroUsd }) => costMicroUsd) / count / 1_000,
    callsPerRequest: sum(({ calls }) => calls) / count,
    shares: Object.fromEntries(providers.map(({ id }) => [id, sum(({ provider, ok }) => (ok && provider === id ? 1 : 0)) / count])),
  };
}
