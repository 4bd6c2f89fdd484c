import { createDraws } from '../src/domain/seeded-draws.ts';
import type { Outcome } from '../src/domain/outcome.ts';

/** What a simulated provider does at a time of the day. */
export interface Weather {
  /** Its times are so many times as long. */
  readonly slowness: number;
  /** The share of calls that fail at once. */
  readonly failing: number;
  /** It says nothing. */
  readonly silent: boolean;
  /** So many calls a second; undefined for any. */
  readonly perSecond?: number;
}

export interface SimulatedProvider {
  readonly id: string;
  /** Half of its calls take no longer, in milliseconds; the rest lies on a lognormal curve. */
  readonly medianMs: number;
  readonly spread: number;
  /** US dollars per million tokens, in and out. */
  readonly price: { readonly input: number; readonly output: number };
  weatherAt(ms: number): Weather;
}

const hour = 3_600_000;
const minute = 60_000;
const between = (ms: number, from: number, minutes: number): boolean => ms >= from && ms < from + minutes * minute;
/** Half an hour in which everybody fails, one more often than the other: a common carrier, say. */
const isStorm = (ms: number): boolean => between(ms, 22 * hour, 30);
const fair: Weather = { slowness: 1, failing: 0.002, silent: false };

/** Four providers, and what befalls them in the course of a day. */
export const providers: readonly SimulatedProvider[] = [
  {
    id: 'swift',
    medianMs: 600,
    spread: 0.35,
    price: { input: 0.1, output: 0.5 },
    weatherAt(ms) {
      // An hour in which it is ten times as slow, and one in which it takes one call in three seconds.
      if (between(ms, 9 * hour, 60)) return { ...fair, slowness: 10 };
      if (between(ms, 14 * hour, 60)) return { ...fair, perSecond: 1 / 3 };
      return isStorm(ms) ? { ...fair, failing: 0.5 } : fair;
    },
  },
  {
    id: 'steady',
    medianMs: 900,
    spread: 0.2,
    price: { input: 0.4, output: 1.6 },
    weatherAt: (ms) => ({ ...fair, failing: isStorm(ms) ? 0.3 : 0.0005 }),
  },
  {
    id: 'cheap',
    medianMs: 1_500,
    spread: 0.5,
    price: { input: 0.03, output: 0.12 },
    weatherAt(ms) {
      if (between(ms, 11 * hour, 20)) return { ...fair, failing: 1 };
      // An hour of half a minute well, half a minute not.
      if (between(ms, 16 * hour, 60)) return { ...fair, failing: Math.floor(ms / 30_000) % 2 === 0 ? 1 : 0 };
      return { ...fair, failing: isStorm(ms) ? 0.6 : 0.02 };
    },
  },
  {
    id: 'premium',
    medianMs: 700,
    spread: 0.3,
    price: { input: 2, output: 10 },
    weatherAt(ms) {
      if (between(ms, 20 * hour, 30)) return { ...fair, silent: true };
      return isStorm(ms) ? { ...fair, failing: 0.15 } : fair;
    },
  },
];

/** How one call goes. */
export interface CallFate {
  readonly outcome: Extract<Outcome, 'ok' | 'transient' | 'quota' | 'timeout'>;
  readonly durationMs: number;
  readonly retryAfterMs?: number;
}

/** Decides how calls go. The same seed gives the same day, whoever is asked. */
export function createFates(seed: number, timeoutMs: number): (provider: SimulatedProvider, at: number) => CallFate {
  const draws = new Map(providers.map(({ id }, index) => [id, createDraws(seed + index)]));
  const freeAt = new Map<string, number>();
  return (provider, at) => {
    const draw = draws.get(provider.id) ?? createDraws(seed);
    const weather = provider.weatherAt(at);
    const [first, second, third] = [draw.next(), draw.next(), draw.next()];
    if (weather.perSecond !== undefined) {
      const free = freeAt.get(provider.id) ?? 0;
      if (at < free) return { outcome: 'quota', durationMs: 40, retryAfterMs: free - at };
      freeAt.set(provider.id, at + 1_000 / weather.perSecond);
    }
    if (weather.silent) return { outcome: 'timeout', durationMs: timeoutMs };
    if (first < weather.failing) return { outcome: 'transient', durationMs: 80 };
    // Box and Muller's way from two even draws to a normal one.
    const normal = Math.sqrt(-2 * Math.log(Math.max(second, 1e-12))) * Math.cos(2 * Math.PI * third);
    const durationMs = provider.medianMs * weather.slowness * Math.exp(provider.spread * normal);
    return durationMs > timeoutMs ? { outcome: 'timeout', durationMs: timeoutMs } : { outcome: 'ok', durationMs };
  };
}
