import { addressKey } from '@quotemaster/auth';
import { costlyRateClasses } from '@quotemaster/contract';
import type { RateClass, ResolvedAccess } from '@quotemaster/contract';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { Clock } from '@quotemaster/lifecycle';
import type { Logger, Metrics } from '@quotemaster/observe';
import type { RateDecision, RateLimiter } from '@quotemaster/redis';
import type { Response } from 'express';
import { LRUCache } from 'lru-cache';
import type { GatewayConfig } from '../config.ts';
import { exchangeOf } from './exchange.ts';

/** What a request may spend on being counted. A slow store is worse than none. */
const budgetMs = 50;

/** A refusal is remembered until the limiter would let the same call in, and for this long at most. */
const refusalMs = 1_000;
const refusalsMax = 10_000;

interface Refusal {
  readonly decision: RateDecision;
  readonly cost: number;
  readonly at: number;
}

/** Takes the cost of a call from its caller's limit, and says in headers what is left. */
export type RateLimit = (policy: Pick<ResolvedAccess, 'rateClass' | 'cost'>, response: Response) => Promise<void>;

/**
 * Creates the limits by rate class: per user where there is one, else per address; class auth always per address. A call by API key takes
 * from the key's own class first, so that one program does not use up what another has.
 *
 * The shared limiter has 50 ms. When it is slow or away, costly classes are refused, and the others go by `local`, the limits of this
 * process: a caller then has as many times their limit as there are gateways, for as long as that lasts.
 *
 * Headers as in draft-ietf-httpapi-ratelimit-headers-10.
 * @throws AppError `common.rate_limited`; `common.overloaded` for costly classes while the limiter is away.
 */
export function createRateLimit(options: {
  limiter: RateLimiter;
  local: RateLimiter;
  rates: GatewayConfig['rates'];
  clock: Pick<Clock, 'monotonic'>;
  logger: Logger;
  metrics: Metrics;
}): RateLimit {
  const { limiter, local, rates, clock, logger, metrics } = options;
  const refusals = new LRUCache<string, Refusal>({ max: refusalsMax });
  const decisions = metrics.counter('rate_limit_decisions_total', 'Calls by rate class and what became of them.', ['class', 'decision']);
  let isAway = false;

  /** Says once when the shared limiter goes, and once when it is back: a line a call would be a flood. */
  function note(away: boolean, error?: unknown): void {
    if (away === isAway) return;
    isAway = away;
    if (away)
      logger.warn({ err: error }, 'the rate limiter is slow or away: costly calls are refused, others go by limits of this process');
    else logger.info({}, 'the rate limiter is back');
  }

  async function decide(rateClass: RateClass, key: string, cost: number): Promise<{ decision: RateDecision; by: 'shared' | 'local' }> {
    const request = { policy: rates[rateClass], key, cost };
    const known = recall(`${rateClass} ${key}`, cost);
    if (known !== undefined) return { decision: known, by: 'shared' };
    try {
      const decision = await within(limiter.take(request), budgetMs);
      note(false);
      if (!decision.allowed) refusals.set(`${rateClass} ${key}`, { decision, cost, at: clock.monotonic() });
      return { decision, by: 'shared' };
    } catch (error) {
      note(true, error);
      if (costlyRateClasses.includes(rateClass)) {
        decisions.inc({ class: rateClass, decision: 'failed_closed' });
        throw new AppError(commonErrors.overloaded, { reason: 'the rate limiter is away', retryAfterMs: 1_000, cause: error });
      }
      return { decision: await local.take(request), by: 'local' };
    }
  }

  /** The last refusal, while it still holds: whoever goes on and on is refused at the cost of a look into a map. */
  function recall(name: string, cost: number): RateDecision | undefined {
    const refusal = refusals.get(name);
    if (refusal === undefined || cost < refusal.cost) return undefined;
    const passedMs = clock.monotonic() - refusal.at;
    if (passedMs >= Math.min(refusal.decision.resetMs, refusalMs)) return undefined;
    return { ...refusal.decision, resetMs: refusal.decision.resetMs - passedMs };
  }

  async function take(rateClass: RateClass, key: string, cost: number, response: Response): Promise<void> {
    const { name, limit, windowMs } = rates[rateClass];
    const { decision, by } = await decide(rateClass, key, cost);
    const { allowed, remaining, resetMs } = decision;
    decisions.inc({ class: rateClass, decision: `${allowed ? 'allowed' : 'refused'}${by === 'local' ? '_locally' : ''}` });
    response.setHeader('RateLimit-Policy', `"${name}";q=${String(limit)};w=${String(windowMs / 1_000)}`);
    response.setHeader('RateLimit', `"${name}";r=${String(remaining)};t=${String(Math.ceil(resetMs / 1_000))}`);
    if (!allowed) throw new AppError(commonErrors.rateLimited, { retryAfterMs: resetMs });
  }

  return async ({ rateClass, cost }, response) => {
    const { userId, apiKeyId, clientAddress } = exchangeOf(response);
    if (apiKeyId !== undefined) await take('key', `key:${apiKeyId}`, cost, response);
    // Reads and writes of a key are its own affair; what is dear counts for its owner too.
    if (apiKeyId !== undefined && !costlyRateClasses.includes(rateClass)) return;
    const key = userId === undefined || rateClass === 'auth' ? `address:${addressKey(clientAddress)}` : `user:${userId}`;
    await take(rateClass, key, cost, response);
  };
}

/** @throws Error when `promise` has not settled in time; what becomes of it later is nobody's business. */
async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${String(timeoutMs)} ms`)), timeoutMs);
  });
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
