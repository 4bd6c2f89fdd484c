import { addressKey } from '@quotemaster/auth';
import type { RateClass, ResolvedAccess } from '@quotemaster/contract';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { Logger, Metrics } from '@quotemaster/observe';
import type { RateLimiter } from '@quotemaster/redis';
import type { Response } from 'express';
import type { GatewayConfig } from '../config.ts';
import { exchangeOf } from './exchange.ts';

/** Classes that cost too much to go unlimited: without the limiter they are refused. */
const costlyClasses: readonly string[] = ['auth', 'generate', 'upload'];

/** Takes the cost of a call from its caller's limit, and says in headers what is left. */
export type RateLimit = (policy: Pick<ResolvedAccess, 'rateClass' | 'cost'>, response: Response) => Promise<void>;

/**
 * Creates the limits by rate class: per user where there is one, else per address; class auth always per address. A call by API key takes
 * from the key's own class first, so that one program does not use up what another has.
 *
 * Headers as in draft-ietf-httpapi-ratelimit-headers-10.
 * @throws AppError `common.rate_limited`; `common.overloaded` for costly classes while the limiter is away.
 */
export function createRateLimit(options: {
  limiter: RateLimiter;
  rates: GatewayConfig['rates'];
  logger: Logger;
  metrics: Metrics;
}): RateLimit {
  const { limiter, rates, logger, metrics } = options;
  const decisions = metrics.counter('rate_limit_decisions_total', 'Calls by rate class and what became of them.', ['class', 'decision']);

  async function take(rateClass: RateClass, key: string, cost: number, response: Response): Promise<void> {
    const rate = rates[rateClass];
    const { requestId } = exchangeOf(response);
    try {
      const { allowed, remaining, resetMs } = await limiter.take({ policy: rate, key, cost });
      decisions.inc({ class: rateClass, decision: allowed ? 'allowed' : 'refused' });
      response.setHeader('RateLimit-Policy', `"${rate.name}";q=${String(rate.limit)};w=${String(rate.windowMs / 1_000)}`);
      response.setHeader('RateLimit', `"${rate.name}";r=${String(remaining)};t=${String(Math.ceil(resetMs / 1_000))}`);
      if (!allowed) throw new AppError(commonErrors.rateLimited, { retryAfterMs: resetMs });
    } catch (error) {
      if (error instanceof AppError && error.code === commonErrors.rateLimited.code) throw error;
      const refused = costlyClasses.includes(rateClass);
      decisions.inc({ class: rateClass, decision: refused ? 'failed_closed' : 'failed_open' });
      logger.warn({ err: error, rateClass, refused, requestId }, 'the rate limiter is away');
      if (refused) throw new AppError(commonErrors.overloaded, { retryAfterMs: 1_000, cause: error });
    }
  }

  return async ({ rateClass, cost }, response) => {
    const { userId, apiKeyId, clientAddress } = exchangeOf(response);
    if (apiKeyId !== undefined) await take('key', `key:${apiKeyId}`, cost, response);
    // Reads and writes of a key are its own affair; what is dear counts for its owner too.
    if (apiKeyId !== undefined && !costlyClasses.includes(rateClass)) return;
    const key = userId === undefined || rateClass === 'auth' ? `address:${addressKey(clientAddress)}` : `user:${userId}`;
    await take(rateClass, key, cost, response);
  };
}
