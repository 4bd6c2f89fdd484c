import { createHash } from 'node:crypto';
import type { Logger, Metrics } from '@quotemaster/observe';
import type { KeyValueStore } from './face.ts';

export interface CacheOptions<T> {
  /** Names the cache in keys and metrics. */
  readonly name: string;
  readonly ttlMs: number;
  encode(value: T): string;
  /** Gives undefined for what it can't read, which then counts as missing. */
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
   */
  getOrLoad(key: string, load: () => Promise<T>): Promise<T>;
}

const keyCharsMax = 200;

/**
 * Creates a cache over a key-value store. A store that is away makes every read a miss and every write nothing: the caller
 * is slower, never wrong.
 */
export function createCache<T>(store: KeyValueStore, options: CacheOptions<T>): Cache<T> {
  const { name, ttlMs, encode, decode, valueCharsMax = 262_144, logger } = options;
  const reads = options.metrics?.counter('cache_reads_total', 'Reads of caches, by outcome.', ['cache', 'outcome']);
  const loads = new Map<string, Promise<T>>();
  const keyOf = (key: string): string =>
    `cache:${name}:${key.length > keyCharsMax ? createHash('sha256').update(key).digest('base64url') : key}`;

  async function attempt<R>(operation: string, work: () => Promise<R>): Promise<R | undefined> {
    try {
      return await work();
    } catch (error) {
      logger?.warn({ err: error, cache: name, operation }, 'a cache could not be reached');
      return undefined;
    }
  }

  async function read(key: string): Promise<T | undefined> {
    const text = await attempt('get', () => store.get(keyOf(key)));
    return text === undefined ? undefined : decode(text);
  }

  async function write(key: string, value: T): Promise<void> {
    const text = encode(value);
    if (text.length <= valueCharsMax) await attempt('set', () => store.set(keyOf(key), text, ttlMs));
  }

  async function loadAndKeep(key: string, load: () => Promise<T>, isWanted: () => boolean): Promise<T> {
    const kept = await read(key);
    reads?.inc({ cache: name, outcome: kept === undefined ? 'miss' : 'hit' });
    if (kept !== undefined) return kept;
    const value = await load();
    // Deleted meanwhile: what was loaded may be what was to be forgotten.
    if (isWanted()) await write(key, value);
    return value;
  }

  return {
    get: read,
    set: write,
    async delete(key) {
      // A load that began before the deletion must not be shared with those who ask after it.
      loads.delete(key);
      await attempt('delete', () => store.delete(keyOf(key)));
    },
    getOrLoad(key, load) {
      const running = loads.get(key);
      if (running !== undefined) {
        reads?.inc({ cache: name, outcome: 'coalesced' });
        return running;
      }
      const started: Promise<T> = loadAndKeep(key, load, () => loads.get(key) === started).finally(() => {
        if (loads.get(key) === started) loads.delete(key);
      });
      loads.set(key, started);
      return started;
    },
  };
}
