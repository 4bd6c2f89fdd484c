/** A string store with an expiry on every entry. */
export interface KeyValueStore {
  get(key: string): Promise<string | undefined>;
  /** @param ttlMs how long it is kept, at least 1. */
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** Sets it unless the key holds something already; tells whether it did. */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>;
  delete(key: string): Promise<void>;
}

/** So many units in any window of that length. */
export interface RatePolicy {
  /** Lower-case letters, digits and dashes; it names the policy in headers and metrics. */
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
}

export interface RateDecision {
  readonly allowed: boolean;
  readonly limit: number;
  /** Whole units left now. */
  readonly remaining: number;
  /** Refused: milliseconds until the same request would be let in. Allowed: milliseconds until the current window ends. */
  readonly resetMs: number;
}

export interface RateLimiter {
  /**
   * Takes `cost` units from what `key` may use under `policy`, or takes nothing and refuses.
   * @throws AppError `common.unavailable` when the store does not answer in time.
   */
  take(request: { policy: RatePolicy; key: string; cost: number }): Promise<RateDecision>;
}

export interface LeaseHandle {
  readonly name: string;
  /** Random: tells this holder from every other. */
  readonly owner: string;
  /**
   * When it ends, on the monotonic clock (ms), counted from before it was asked for: until then nobody else holds it.
   * A renewal moves it on.
   */
  readonly expiresAt: number;
  /** Prolongs the lease by its time. False when it went to somebody else, or to nobody. */
  renew(): Promise<boolean>;
  /** Gives it back, if it is still held. */
  release(): Promise<void>;
}

export interface Leases {
  /** Takes the lease for `ttlMs`; undefined when another holds it. */
  acquire(name: string, ttlMs: number): Promise<LeaseHandle | undefined>;
}

/** A fact that others may want to know. */
export interface BusEvent {
  /** Unique: what happens twice under one id happened once. */
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  /** Whatever JSON can hold. */
  readonly payload: unknown;
  /** RFC 3339. */
  readonly occurredAt: string;
  /** W3C trace context of what made it. */
  readonly traceparent?: string | undefined;
}

export interface SubscribeOptions {
  readonly topics: readonly string[];
  /**
   * With a group each event is handled by one subscriber of the group, at least once: again when a handler failed, up to five
   * times, then it is put aside. Without one every subscriber gets every event published from its start on, once, whatever
   * becomes of it.
   */
  readonly group?: string;
  /**
   * It runs within the event's trace, one event of a topic at a time. One that takes longer than 30 s is taken for dead, and
   * another of its group gets the event too.
   */
  handler(event: BusEvent): Promise<void>;
}

export interface Subscription {
  readonly name: string;
  /** Resolves when events published from now on will be seen. */
  start(): Promise<void>;
  /** Resolves when the handler that was running has ended, or after 3 s. A subscription is not started twice. */
  stop(): Promise<void>;
}

export interface EventBus {
  /** Resolves when the event is stored. @throws AppError `common.unavailable`. */
  publish(event: BusEvent): Promise<void>;
  /** Creates a subscription; it begins with its `start`. */
  subscribe(options: SubscribeOptions): Subscription;
  /** False while events may be on their way unseen. */
  healthy(): boolean;
}

/** What Redis gives us. The twin gives the same within one process. */
export interface RedisFace {
  readonly kv: KeyValueStore;
  readonly limiter: RateLimiter;
  readonly lease: Leases;
  readonly bus: EventBus;
  start(): Promise<void>;
  stop(): Promise<void>;
  healthy(): boolean;
}
