import { LRUCache } from 'lru-cache';
import type { KeyValueStore } from '../face.ts';

const entriesMax = 50_000;

/** Creates the in-process string store: at most 50,000 entries, the least used go first. */
export function createTwinKv(clock: { monotonic(): number }): KeyValueStore {
  const entries = new LRUCache<string, { value: string; endsAt: number }>({ max: entriesMax });
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (entry === undefined || entry.endsAt > clock.monotonic()) return Promise.resolve(entry?.value);
      entries.delete(key);
      return Promise.resolve(undefined);
    },
    set: (key, value, ttlMs) => {
      entries.set(key, { value, endsAt: clock.monotonic() + ttlMs });
      return Promise.resolve();
    },
    setIfAbsent: (key, value, ttlMs) => {
      const entry = entries.get(key);
      if (entry !== undefined && entry.endsAt > clock.monotonic()) return Promise.resolve(false);
      entries.set(key, { value, endsAt: clock.monotonic() + ttlMs });
      return Promise.resolve(true);
    },
    delete: (key) => {
      entries.delete(key);
      return Promise.resolve();
    },
  };
}
