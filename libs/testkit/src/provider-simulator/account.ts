import { parseBehaviours } from './behaviours.ts';
import type { Behaviour, Draw, PlainBehaviour } from './behaviours.ts';
import { chargeFor } from './prices.ts';

export type Operation = 'chat' | 'embeddings' | 'transcriptions' | 'models';

/** One call as the provider saw it. */
export interface SimulatedCall {
  readonly operation: Operation;
  readonly model: string;
  readonly stream: boolean;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly behaviour: PlainBehaviour['kind'];
  inputTokens: number;
  /** Those written so far. */
  outputTokens: number;
  audioSeconds: number;
  /** The HTTP status, once there is one. */
  status: number | undefined;
  /** `client closed`: whoever called hung up before the end; `cut`: the behaviour broke the connection. */
  endedBy: 'open' | 'answered' | 'client closed' | 'cut';
  closedAt: number | undefined;
}

/** What one model of an account has cost. */
export interface InvoiceLine {
  readonly account: string;
  readonly model: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly audioSeconds: number;
  readonly microUsd: number;
}

export interface RateLimits {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
}

/** What is left of the limits within the minute that runs. */
export interface LimitState {
  readonly limits: RateLimits;
  readonly requestsLeft: number;
  readonly tokensLeft: number;
  readonly resetMs: number;
}

/** One customer of one provider: what it does with calls, what it saw, what it charges. */
export interface SimulatedAccount {
  readonly name: string;
  /** Call n takes behaviour n, and those beyond the last the last one. Without an argument: healthy again. */
  behave(...behaviours: readonly Behaviour[]): void;
  /** For the next calls, one each; then as before. */
  behaveOnce(...behaviours: readonly Behaviour[]): void;
  /** Accepts these keys alone; any where none was named. */
  accept(...keys: readonly string[]): void;
  /** Real limits, with the provider's own headers and refusals. */
  limit(limits: RateLimits): void;
  /** The last 10,000, oldest first. */
  readonly calls: readonly SimulatedCall[];
  /** Calls whose connection is in use. */
  readonly openCalls: number;
}

/** The side of an account that the server turns to. */
export interface ServedAccount extends SimulatedAccount {
  isAccepted(key: string | undefined): boolean;
  next(): PlainBehaviour;
  begin(call: Pick<SimulatedCall, 'operation' | 'model' | 'stream' | 'inputTokens' | 'behaviour'>): SimulatedCall;
  end(call: SimulatedCall, endedBy: SimulatedCall['endedBy']): void;
  /** Takes a request of so many tokens from the limits; undefined where there are none. */
  take(tokens: number): (LimitState & { readonly exceeded: boolean }) | undefined;
  invoice(): readonly InvoiceLine[];
  reset(): void;
}

const callsMax = 10_000;
const minuteMs = 60_000;

export function createAccount(name: string, defaults: { latencyMs: number }): ServedAccount {
  const healthy: Draw = () => ({ kind: 'healthy', latencyMs: defaults.latencyMs });
  let standing: readonly Draw[] = [healthy];
  let position = 0;
  let once: Draw[] = [];
  let keys = new Set<string>();
  let calls: SimulatedCall[] = [];
  let open = 0;
  let limits: RateLimits | undefined;
  let window = { startedAt: 0, requests: 0, tokens: 0 };
  const billed = new Map<string, { -readonly [K in keyof InvoiceLine]: InvoiceLine[K] }>();

  function bill({ model, inputTokens, outputTokens, audioSeconds }: SimulatedCall): void {
    const line = billed.get(model) ?? { account: name, model, calls: 0, inputTokens: 0, outputTokens: 0, audioSeconds: 0, microUsd: 0 };
    line.calls += 1;
    line.inputTokens += inputTokens;
    line.outputTokens += outputTokens;
    line.audioSeconds += audioSeconds;
    line.microUsd += chargeFor(model, { inputTokens, outputTokens, audioSeconds });
    billed.set(model, line);
  }

  return {
    name,
    behave(...behaviours) {
      standing = behaviours.length === 0 ? [healthy] : parseBehaviours(behaviours);
      position = 0;
      once = [];
    },
    behaveOnce: (...behaviours) => void once.push(...parseBehaviours(behaviours)),
    accept: (...accepted) => void (keys = new Set(accepted)),
    isAccepted: (key) => keys.size === 0 || (key !== undefined && keys.has(key)),
    limit(next) {
      limits = next;
      window = { startedAt: 0, requests: 0, tokens: 0 };
    },
    get calls() {
      return calls;
    },
    get openCalls() {
      return open;
    },
    next() {
      const draw = once.shift() ?? standing[Math.min(position++, standing.length - 1)] ?? healthy;
      return draw();
    },
    begin(facts) {
      const call: SimulatedCall = {
        ...facts,
        at: Date.now(),
        outputTokens: 0,
        audioSeconds: 0,
        status: undefined,
        endedBy: 'open',
        closedAt: undefined,
      };
      if (calls.length >= callsMax) calls = calls.slice(callsMax / 10);
      calls.push(call);
      open += 1;
      return call;
    },
    end(call, endedBy) {
      if (call.endedBy !== 'open') return;
      call.endedBy = endedBy;
      call.closedAt = Date.now();
      open -= 1;
      // What was written is charged, heard to its end or not; an error and a call without an answer are not.
      if (call.status === 200) bill(call);
    },
    take(tokens) {
      if (limits === undefined) return undefined;
      const now = Date.now();
      if (now - window.startedAt >= minuteMs) window = { startedAt: now, requests: 0, tokens: 0 };
      const { requestsPerMinute = Infinity, tokensPerMinute = Infinity } = limits;
      const exceeded = window.requests + 1 > requestsPerMinute || window.tokens + tokens > tokensPerMinute;
      if (!exceeded) window = { ...window, requests: window.requests + 1, tokens: window.tokens + tokens };
      return {
        exceeded,
        limits,
        requestsLeft: Math.max(0, requestsPerMinute - window.requests),
        // Where the next request of this size would not fit, nothing is left to speak of.
        tokensLeft: exceeded && window.requests + 1 <= requestsPerMinute ? 0 : Math.max(0, tokensPerMinute - window.tokens),
        resetMs: window.startedAt + minuteMs - now,
      };
    },
    invoice: () => [...billed.values()].map((line) => ({ ...line })),
    reset() {
      standing = [healthy];
      [position, once, calls, limits] = [0, [], [], undefined];
      keys.clear();
      billed.clear();
    },
  };
}
