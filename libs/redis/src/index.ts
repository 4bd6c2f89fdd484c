export { createCache } from './cache.ts';
export type { Cache, CacheOptions } from './cache.ts';
export { readRedisConfig } from './config.ts';
export type { RedisConfig } from './config.ts';
export type {
  BusEvent,
  EventBus,
  KeyValueStore,
  LeaseHandle,
  Leases,
  RateDecision,
  RateLimiter,
  RatePolicy,
  RedisFace,
  Subscription,
} from './face.ts';
export { createRedis } from './server/create-redis.ts';
export type { RedisOptions } from './server/create-redis.ts';
export { createTwinLimiter } from './twin/twin-limiter.ts';
export { createRedisTwin } from './twin/create-redis-twin.ts';
