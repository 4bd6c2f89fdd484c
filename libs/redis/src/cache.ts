import { createHash } from 'node:crypto';
import type { Logger, Metrics } from '@quotemaster/observe';
import type { KeyValueStore } from './face.ts';
import { createSingleFlight } from './single-flight.ts';

export interface CacheOptions<T> {
  /** Names the cache in keys and metrics. */
  readonly name: string;
  readonly ttlMs: number;
  encode(value: T): string;
  /** What it gives undefined for, or throws at, counts as missing. A type that includes null keeps absence too. */
  decode(text: string): T | undefined;
  /** Longer values are not kept. Default 256 KiB. */
  readonly valueCharsMax?: number;
  readonly metrics?: Metrics;
  readonly logger?: Logger;
}

export interface Cache<T> {
  get(key: string): Promise<T | undefined>;
  set(key: string, value: T): Promise<void>;
  delete(key: string): Promise<void>;
  /**
   * Gives what is kept under `key`, else what `load` gives, and keeps that. Callers of this process who ask for one key at the same time
   * share one load. A failed load reaches all who waited for it and is not kept.
   *
   * A caller whose `signal` fires leaves alone, with the signal's reason; the load's own signal fires when the last has left.
   */
  getOrLoad(key: string, load: (signal: AbortSignal) => Promise<T>, options?: { signal?: AbortSignal | undefined }): Promise<T>;
}

const keyCharsMax = 200;

/**
 * Creates a cache over a key-value store. A store that is away makes every read a miss and every write nothing: the caller
 * is slower, never wrong.
 */
export function createCache<T>(store: KeyValueStore, options: CacheOptions<T>): Cache<T> {
  const { name, ttlMs, encode, decode, valueCharsMax = 262_144, logger } = options;
  const reads = options.metrics?.counter('cache_reads_total', 'Reads of caches, by outcome.', ['cache', 'outcome']);
  const loads = createSingleFlight<T>();

  async function attempt<R>(operation: string, work: () => R | Promise<R>): Promise<R | undefined> {
    try {
      return await work();
    } catch (error) {
      logger?.warn({ err: error, cache: name, operation }, 'a cache failed; going on without it');
      return undefined;
    }
  }

  async function read(key: string): Promise<T | undefined> {
    const text = await attempt('get', () => store.get(storeKey(name, key)));
    return text === undefined ? undefined : attempt('decode', () => decode(text));
  }

  async function write(key: string, value: T): Promise<void> {
    const text = encode(value);
    if (text.length <= valueCharsMax) await attempt('set', () => store.set(storeKey(name, key), text, ttlMs));
  }

  return {
    get: read,
    set: write,
    async delete(key) {
      // A load that began before the deletion must not be shared with those who ask after it.
      loads.forget(key);
      await attempt('delete', () => store.delete(storeKey(name, key)));
    },
    getOrLoad(key, load, { signal } = {}) {
      const joined = loads.join(key, signal);
      if (joined !== undefined) {
        reads?.inc({ cache: name, outcome: 'coalesced' });
        return joined;
      }
      const readOrLoad = async (abandoned: AbortSignal, isCurrent: () => boolean): Promise<T> => {
        const kept = await read(key);
        reads?.inc({ cache: name, outcome: kept === undefined ? 'miss' : 'hit' });
        if (kept !== undefined) return kept;
        abandoned.throwIfAborted();
        const value = await load(abandoned);
        // Deleted meanwhile: what was loaded may be what was to be forgotten.
        if (isCurrent()) await write(key, value);
        return value;
      };
      return loads.start(key, readOrLoad, signal);
    },
  };
}

/** Long keys are hashed, and so are those that look like a hash. */
function storeKey(name: string, key: string): string {
  const isPlain = key.length <= keyCharsMax && !key.startsWith('#');
  return `cache:${name}:${isPlain ? key : `#${createHash('sha256').update(key).digest('base64url')}`}`;
}
