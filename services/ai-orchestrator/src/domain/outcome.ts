/**
 * Why a provider failed, by what has to follow:
 *
 * - `caller`: the request itself is at fault (too long, a parameter that the model does not take); nobody else would do better
 * - `content_filter`: the provider's policy forbids the subject; not to be shopped around
 * - `auth`: the provider will not serve us (key, permission, billing, a model that it does not have)
 * - `quota`: over a limit, for a time
 * - `transient`: anything that may go better next time: 5xx, reset, a stream that broke off, an answer that can't be read
 * - `timeout`: silence: nothing, or nothing more, within the time that a call is given
 */
export type ProviderFailure = 'caller' | 'content_filter' | 'auth' | 'quota' | 'transient' | 'timeout';

/** Why an answer that came can't be used. `refused` and `unreadable` are prose without a quote in it. */
export type AnswerFault = 'empty' | 'truncated' | 'refused' | 'unreadable' | 'content_filter';

/**
 * How a call of a provider ended, in the words of metrics and logs. Beside the failures: `cut` is an answer of which a part was
 * good, `abandoned` was given up by the caller, `lost` by us because another was quicker, `late` because the request's time was up.
 */
export type Outcome = 'ok' | 'cut' | 'abandoned' | 'lost' | 'late' | ProviderFailure | AnswerFault;

/** What follows from an outcome. */
export interface Consequence {
  /** What it says of the provider, to its breaker and to the choice. */
  readonly verdict: 'good' | 'bad' | 'none';
  /** The request may be put again: to another provider, or, after what may pass, to the same. */
  readonly askAgain: 'never' | 'elsewhere' | 'anywhere';
}

/**
 * What follows from each outcome.
 *
 * A caller's fault and a content filter say nothing of the provider, and nobody else is asked: the first would fail there too,
 * the second is not to be shopped around. A limit is no failure either, but the quota gate's to watch. Prose that holds no
 * quote, or declines, is a matter of luck with the same provider as with another.
 */
export const consequences: Readonly<Record<Outcome, Consequence>> = {
  ok: { verdict: 'good', askAgain: 'never' },
  cut: { verdict: 'bad', askAgain: 'never' },
  abandoned: { verdict: 'none', askAgain: 'never' },
  lost: { verdict: 'none', askAgain: 'never' },
  late: { verdict: 'none', askAgain: 'never' },
  caller: { verdict: 'none', askAgain: 'never' },
  content_filter: { verdict: 'none', askAgain: 'never' },
  auth: { verdict: 'bad', askAgain: 'elsewhere' },
  quota: { verdict: 'none', askAgain: 'anywhere' },
  transient: { verdict: 'bad', askAgain: 'anywhere' },
  timeout: { verdict: 'bad', askAgain: 'elsewhere' },
  empty: { verdict: 'bad', askAgain: 'anywhere' },
  truncated: { verdict: 'bad', askAgain: 'anywhere' },
  unreadable: { verdict: 'none', askAgain: 'anywhere' },
  refused: { verdict: 'none', askAgain: 'anywhere' },
};
