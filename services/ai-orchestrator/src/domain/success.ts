/** Calls that went well and badly, as far as they still count. Times of a monotonic clock, in milliseconds. */
export interface SuccessCount {
  readonly good: number;
  readonly bad: number;
  readonly at: number;
}

export const noCalls: SuccessCount = { good: 0, bad: 0, at: 0 };

/** A call counts half after this time: a provider that is asked no more could never show that it is well again. */
const halfLifeMs = 120_000;

/** The counts as they stand now. */
export function countNow({ good, bad, at }: SuccessCount, now: number): SuccessCount {
  const left = 2 ** (-Math.max(0, now - at) / halfLifeMs);
  return { good: good * left, bad: bad * left, at: now };
}

/** The counts after one more call. */
export function withCall(count: SuccessCount, wentWell: boolean, now: number): SuccessCount {
  const { good, bad } = countNow(count, now);
  return wentWell ? { good: good + 1, bad, at: now } : { good, bad: bad + 1, at: now };
}

/** 90 % sure, on one side. */
const z = 1.2816;
/** As if so many calls had gone well before the first: silence is not held against anybody. */
const trust = 5;

/**
 * The share of calls that go well with a confidence of 90 %: the lower bound of Wilson's interval, 0..1. With no calls at all it is
 * what five good ones would give.
 * @see https://doi.org/10.1080/01621459.1927.10502953 Wilson 1927
 */
export function surelyWell(count: SuccessCount, now: number): number {
  const { good, bad } = countNow(count, now);
  const calls = good + bad + trust;
  const share = (good + trust) / calls;
  const spread = z * Math.sqrt((share * (1 - share)) / calls + z ** 2 / (4 * calls ** 2));
  return Math.max(0, (share + z ** 2 / (2 * calls) - spread) / (1 + z ** 2 / calls));
}
