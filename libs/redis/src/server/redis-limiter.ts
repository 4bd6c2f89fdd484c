import type { RateLimiter } from '../face.ts';
import type { Connection } from './connection.ts';
import { createScript } from './script.ts';

/**
 * The arithmetic of sliding-window.ts, on the server's clock, in one call: replicas whose clocks differ share one window.
 * The fifth argument stands in for the clock in tests. Answers {allowed, remaining, resetMs}.
 */
const lua = `
local limit, windowMs, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local now = tonumber(ARGV[4])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local window = math.floor(now / windowMs)
local kept = redis.call('HMGET', KEYS[1], 'w', 'c', 'p')
local keptWindow, current, previous = tonumber(kept[1]), tonumber(kept[2]) or 0, tonumber(kept[3]) or 0
if keptWindow == window + 1 then
  window = keptWindow
  now = window * windowMs
end
if keptWindow ~= window then
  if keptWindow == window - 1 then previous = current else previous = 0 end
  current = 0
end
local elapsed = now - window * windowMs
local used = previous * (windowMs - elapsed) / windowMs + current
if used + cost <= limit then
  redis.call('HSET', KEYS[1], 'w', window, 'c', current + cost, 'p', previous)
  redis.call('PEXPIRE', KEYS[1], windowMs * 2)
  return {1, math.floor(limit - used - cost), math.ceil(windowMs - elapsed)}
end
local wait = windowMs
if cost <= limit then
  if current + cost <= limit then
    wait = windowMs * (1 - (limit - current - cost) / previous) - elapsed
  else
    wait = windowMs - elapsed + windowMs * (1 - (limit - cost) / current)
  end
  wait = math.max(1, math.ceil(wait))
end
return {0, math.max(0, math.floor(limit - used)), wait}
`;

/** Creates the limiter on Redis. `now` replaces the server's clock in tests. */
export function createRedisLimiter(connection: Connection, now?: () => number): RateLimiter {
  const script = createScript(connection, lua);
  return {
    async take({ policy, key, cost }) {
      const { name, limit, windowMs } = policy;
      const answer = await script('rate_limit', `qm:rate:${name}:{${key}}`, [limit, windowMs, cost, now?.() ?? '']);
      const [allowed, remaining, resetMs] = answer as [number, number, number];
      return { allowed: allowed === 1, limit, remaining, resetMs };
    },
  };
}
