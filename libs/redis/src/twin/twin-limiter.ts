import { LRUCache } from 'lru-cache';
import type { RateLimiter } from '../face.ts';
import { takeFromWindow } from '../sliding-window.ts';
import type { WindowState } from '../sliding-window.ts';

const keysMax = 100_000;

/** Creates the in-process limiter. It remembers the 100,000 keys used last. */
export function createTwinLimiter(clock: { now(): number }): RateLimiter {
  const states = new LRUCache<string, WindowState>({ max: keysMax });
  return {
    take: ({ policy, key, cost }) => {
      const name = `${policy.name}:${key}`;
      const { state, decision } = takeFromWindow(states.get(name), policy, cost, clock.now());
      states.set(name, state);
      return Promise.resolve(decision);
    },
  };
}
