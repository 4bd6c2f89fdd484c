import { aiErrors } from '@quotemaster/contract/ai';
import { AppError } from '@quotemaster/errors';
import type { Clock } from '@quotemaster/lifecycle';
import type { AiConfig } from '../ai-config/ai-config.ts';
import { admissionOf, rampOf, readmitted, trialBegun } from '../domain/breaker.ts';
import type { BreakerState } from '../domain/breaker.ts';
import type { ChoiceOption, Exclusion } from '../domain/choose.ts';
import { headroomNow } from '../domain/quota-gate.ts';
import { newRecord, withCallEnd } from '../domain/record.ts';
import type { CallEnd, ModelRecord } from '../domain/record.ts';
import { createSlots } from '../domain/slots.ts';
import type { Slots } from '../domain/slots.ts';
import { surelyWell } from '../domain/success.ts';
import type { ModelPrice } from '../providers/price.ts';
import type { Provider, ProviderModel } from '../providers/provider.ts';
import { defaultTraffic } from '../providers/settings.ts';
import type { ProviderOverride } from './overrides.ts';
import { noOverride } from './overrides.ts';
import type { Trials, TrialVerdict } from './trials.ts';

/** One model of one provider. */
export interface Member {
  /** "provider/model". */
  readonly key: string;
  readonly provider: Provider;
  readonly model: ProviderModel;
  /** The provider's first of its operation. */
  readonly isDefault: boolean;
}

/** A provider with the traffic that it may have. */
export interface PoolProvider {
  readonly provider: Provider;
  readonly traffic: { readonly weight: number; readonly inFlightMax: number; readonly queueMax: number };
}

/** What of a request its options depend on. */
export interface PoolAsk {
  readonly streamed: boolean;
  /** What is left of the request's time for one more call. */
  readonly remainingMs: number;
  /** How long an answer is expected, in tokens. */
  readonly outputTokens: number;
}

/** A call that has begun. */
export interface BegunCall {
  readonly isTrial: boolean;
  /** Its first token has come: it is no longer a call that nobody has heard of. */
  heard(): void;
  /** Tells how it ended; to be called once, whatever happened. */
  end(end: Omit<CallEnd, 'isTrial'>): void;
}

/** The models of all providers, and what is known of each. */
export interface Pool {
  /**
   * Finds those that a request's model names: "provider/model", a model's name wherever it is served, or, for an empty name or
   * `auto`, each provider's default model of the operation. A reserve is found by its own name alone.
   * @throws AppError `ai.unknown_model`; `ai.no_provider` where there is none at all.
   */
  named(name: string, operation: ProviderModel['operation']): readonly Member[];
  members(): readonly Member[];
  /** Asks for the trials that circuits of these are due for. Takes no time unless there are such, and 50 ms at most. */
  seekTrials(members: readonly Member[]): Promise<void>;
  /** A member with its factors as they are now. */
  option(member: Member, ask: PoolAsk): ChoiceOption;
  record(member: Member): ModelRecord;
  slots(member: Member): Slots;
  overrideOf(providerId: string): ProviderOverride;
  trafficOf(providerId: string): PoolProvider['traffic'];
  /** A call begins; its slot is held already. With an open circuit it is the trial. */
  begin(member: Member): BegunCall;
  /** Takes new providers and bounds. Members that stay keep what is known of them. */
  update(providers: readonly PoolProvider[], config: Pick<AiConfig, 'breaker'>): void;
  /** Takes what administrators have decided. */
  setOverrides(overrides: ReadonlyMap<string, ProviderOverride>): void;
}

export interface PoolOptions {
  readonly providers: readonly PoolProvider[];
  /** One that is found by its own name alone, for when all others are out. */
  readonly reserve?: Provider | undefined;
  readonly config: Pick<AiConfig, 'breaker'>;
  readonly clock: Clock;
  readonly trials: Trials;
  /** Hears of each change of a breaker. */
  onBreaker?(member: Member, state: BreakerState['kind']): void;
}

/** A trial that this process may make, and has not begun. */
interface Grant {
  readonly until: number;
  end(verdict: TrialVerdict | undefined): void;
}

interface State {
  record: ModelRecord;
  /** In milliseconds of the epoch. */
  openedAt: number;
  grant: Grant | undefined;
  trialSoughtAt: number;
  /** When the calls began of which nothing has been heard, the oldest first. */
  readonly unheard: Set<{ readonly since: number }>;
}

/** A process asks for the same trial at most this often. */
const seekEveryMs = 1_000;
/** A trial that has been granted and not begun by then is given back. */
const grantMs = 5_000;
/** The quantile of durations needs so many of them. */
const quantileSamples = 20;

export function createPool({ providers, reserve, config, clock, trials, onBreaker }: PoolOptions): Pool {
  let policy = config.breaker;
  let pool: readonly PoolProvider[] = [];
  let all: readonly Member[] = [];
  let overrides: ReadonlyMap<string, ProviderOverride> = new Map();
  const states = new Map<string, State>();
  const slots = new Map<string, Slots>();
  const reserved = reserve === undefined ? [] : membersOf(reserve);

  function update(next: readonly PoolProvider[], { breaker }: Pick<AiConfig, 'breaker'>): void {
    policy = breaker;
    pool = next;
    all = next.flatMap(({ provider }) => membersOf(provider));
    for (const { provider, traffic } of [...next, ...(reserve === undefined ? [] : [{ provider: reserve, traffic: defaultTraffic }])]) {
      const known = slots.get(provider.id);
      if (known === undefined) slots.set(provider.id, createSlots(traffic));
      else known.resize(traffic);
    }
    const kept = new Set([...all, ...reserved].map(({ key }) => key));
    for (const key of states.keys()) if (!kept.has(key)) states.delete(key);
  }
  update(providers, config);

  function stateOf({ key }: Member): State {
    let state = states.get(key);
    if (state === undefined) {
      state = { record: newRecord(), openedAt: 0, grant: undefined, trialSoughtAt: -Infinity, unheard: new Set() };
      states.set(key, state);
    }
    return state;
  }

  function keep(member: Member, state: State, record: ModelRecord): void {
    const before = state.record.breaker.kind;
    state.record = record;
    if (record.breaker.kind === before) return;
    if (record.breaker.kind === 'open') state.openedAt = clock.now();
    onBreaker?.(member, record.breaker.kind);
  }

  function slotsOf({ provider }: Member): Slots {
    const found = slots.get(provider.id);
    if (found !== undefined) return found;
    // A call of a provider that a new config has left out: it ends on its own.
    return createSlots(defaultTraffic);
  }

  const overrideOf = (providerId: string): ProviderOverride => overrides.get(providerId) ?? noOverride;
  const trafficOf = (providerId: string): PoolProvider['traffic'] =>
    pool.find(({ provider }) => provider.id === providerId)?.traffic ?? defaultTraffic;

  function exclusionOf(member: Member, state: State, ask: PoolAsk, now: number): { reason: Exclusion; retryAfterMs: number } | undefined {
    const { enabled, draining } = overrideOf(member.provider.id);
    if (!enabled) return { reason: 'disabled', retryAfterMs: 0 };
    if (draining) return { reason: 'draining', retryAfterMs: 0 };
    const { breaker, quota, wholes } = state.record;
    if (quota.until > now) return { reason: 'quota', retryAfterMs: quota.until - now };
    if (admissionOf(breaker, now, policy) !== 'pass' && grantOf(state, now) === undefined) {
      return { reason: 'breaker', retryAfterMs: breaker.kind === 'open' ? Math.max(0, breaker.until - now) : 0 };
    }
    // A trial is to show how slow it is.
    const p95 = state.grant === undefined ? wholes.quantile(0.95, now, quantileSamples) : undefined;
    if (p95 !== undefined && p95 > ask.remainingMs) return { reason: 'too_slow', retryAfterMs: 0 };
    const { inFlight, max, waiting } = slotsOf(member);
    return inFlight >= max || waiting > 0 ? { reason: 'busy', retryAfterMs: 0 } : undefined;
  }

  function grantOf(state: State, now: number): Grant | undefined {
    if (state.grant !== undefined && now >= state.grant.until) {
      state.grant.end(undefined);
      state.grant = undefined;
    }
    return state.grant;
  }

  async function seekTrial(member: Member, state: State): Promise<void> {
    state.trialSoughtAt = clock.monotonic();
    const answer = await trials.seek(member.key, state.openedAt);
    const now = clock.monotonic();
    const { breaker } = state.record;
    // Meanwhile another's verdict, or a new config, may have changed it.
    const isDue = admissionOf(breaker, now, policy) === 'trial' && state.grant === undefined;
    if (answer.kind === 'granted') {
      if (isDue) state.grant = { until: now + grantMs, end: (verdict) => answer.end(verdict) };
      else answer.end(undefined);
    } else if (answer.kind === 'well') {
      keep(member, state, { ...state.record, breaker: readmitted(breaker, now) });
    }
  }

  return {
    named(name, operation) {
      const withReserve = all.some(({ provider }) => provider.id === reserve?.id) ? all : [...all, ...reserved];
      const serving = all.filter(({ model }) => model.operation === operation);
      const isAny = name === '' || name === 'auto';
      const found = isAny
        ? serving.filter(({ isDefault }) => isDefault)
        : withReserve.filter(({ key, model }) => model.operation === operation && (key === name || model.name === name));
      if (found.length > 0) return found;
      if (isAny) throw new AppError(aiErrors.noProvider, { reason: `no provider is set for ${operation}` });
      throw new AppError(aiErrors.unknownModel, { reason: `no provider serves the model ${JSON.stringify(name)}` });
    },
    members: () => all,
    async seekTrials(members) {
      const now = clock.monotonic();
      const due = members.flatMap((member) => {
        const state = stateOf(member);
        const { enabled, draining } = overrideOf(member.provider.id);
        // A trial that could not be made now would keep the rest of the fleet from making it.
        const isAble = enabled && !draining && state.record.quota.until <= now;
        const isDue =
          isAble &&
          admissionOf(state.record.breaker, now, policy) === 'trial' &&
          grantOf(state, now) === undefined &&
          now - state.trialSoughtAt >= seekEveryMs;
        return isDue ? [seekTrial(member, state)] : [];
      });
      if (due.length > 0) await Promise.all(due);
    },
    option(member, ask) {
      const now = clock.monotonic();
      const state = stateOf(member);
      const { record } = state;
      const excluded = exclusionOf(member, state, ask, now);
      const { inFlight, max } = slotsOf(member);
      return {
        key: member.key,
        ...(excluded === undefined ? {} : { excluded: excluded.reason, retryAfterMs: excluded.retryAfterMs }),
        isTrial: state.grant !== undefined,
        latencyMs: expectedMs(state, ask, now),
        success: surelyWell(record.success, now),
        costUsd: costOfThousand(member.model.price),
        ramp: rampOf(record.breaker, now, policy),
        headroom: headroomNow(record.quota, now),
        inFlight,
        inFlightMax: max,
        samples: record.samples,
        weight: overrideOf(member.provider.id).weight ?? trafficOf(member.provider.id).weight,
      };
    },
    record: (member) => stateOf(member).record,
    slots: slotsOf,
    overrideOf,
    trafficOf,
    begin(member) {
      const state = stateOf(member);
      const now = clock.monotonic();
      const { grant } = state;
      state.grant = undefined;
      const isTrial = grant !== undefined;
      if (isTrial) keep(member, state, { ...state.record, breaker: trialBegun(state.record.breaker, now) });
      const own = { since: now };
      state.unheard.add(own);
      return {
        isTrial,
        heard: () => state.unheard.delete(own),
        end(end) {
          state.unheard.delete(own);
          const endedAt = clock.monotonic();
          keep(member, state, withCallEnd(state.record, { ...end, isTrial }, endedAt, policy));
          grant?.end(toVerdict(state.record.breaker, endedAt, clock));
        },
      };
    },
    update,
    setOverrides(next) {
      overrides = next;
    },
  };
}

function membersOf(provider: Provider): Member[] {
  const seen = new Set<string>();
  return provider.models.map((model) => {
    const isDefault = !seen.has(model.operation);
    seen.add(model.operation);
    return { key: `${provider.id}/${model.name}`, provider, model, isDefault };
  });
}

/** How long an answer is expected to take; longer where half of the calls under way have been silent for longer than that. */
function expectedMs({ record, unheard }: State, { streamed, outputTokens }: PoolAsk, now: number): number | undefined {
  const { firstToken, perToken, whole } = record;
  const asStream = firstToken === undefined ? undefined : firstToken.ms + (perToken?.ms ?? 0) * outputTokens;
  const usual = streamed ? (asStream ?? whole?.ms) : (whole?.ms ?? asStream);
  if (usual === undefined || unheard.size === 0) return usual;
  const middle = [...unheard][Math.floor(unheard.size / 2)];
  return middle === undefined ? usual : Math.max(usual, now - middle.since);
}

/** What a trial has left its circuit in; undefined where it decided nothing. */
function toVerdict(breaker: BreakerState, now: number, clock: Pick<Clock, 'now'>): TrialVerdict | undefined {
  if (breaker.kind === 'closed') return { state: 'closed', at: clock.now() };
  return breaker.kind === 'open' && breaker.until > now ? { state: 'open', forMs: breaker.until - now } : undefined;
}

/** In US dollars, for a request of ours: about four tokens of prompt to one of answer. */
export function costOfThousand({ inputPerMillion, outputPerMillion }: ModelPrice): number {
  return (Number(inputPerMillion) * 0.8 + Number(outputPerMillion) * 0.2) / 1_000_000_000;
}
