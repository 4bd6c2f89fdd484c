/** A map whose entries expire, bounded in size: the entry used longest ago goes first. */
export interface ExpiringCache<V> {
  get(key: string, nowMs: number): V | undefined;
  set(key: string, value: V, expiresAtMs: number): void;
  clear(): void;
  readonly size: number;
}

export function createExpiringCache<V>(maxEntries: number): ExpiringCache<V> {
  const entries = new Map<string, { value: V; expiresAtMs: number }>();
  return {
    get(key, nowMs) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      // A Map keeps insertion order, so that putting an entry back makes it the youngest.
      entries.delete(key);
      if (entry.expiresAtMs <= nowMs) return undefined;
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, expiresAtMs) {
      entries.delete(key);
      if (entries.size >= maxEntries) {
        const oldest = entries.keys().next();
        if (oldest.done !== true) entries.delete(oldest.value);
      }
      entries.set(key, { value, expiresAtMs });
    },
    clear: () => entries.clear(),
    get size() {
      return entries.size;
    },
  };
}
