import { statSync } from 'node:fs';

/** Files are looked at again on use, at most this often. */
export const rereadEveryMs = 5_000;
/** Whoever misses something in the value may look sooner: as often as this, so that made-up names are no flood of looks. */
const impatientEveryMs = 250;

export interface RereadingOptions {
  readonly clock: { now(): number };
  /** Called when a changed file can't be read; the value read before stays in use. */
  readonly onReloadError?: ((error: unknown) => void) | undefined;
}

/**
 * Gives a reader of a value that is read from files and read again once they change.
 *
 * Files are compared by stat on use rather than watched: mounted secrets change by a renamed link, which watches of the
 * old inode never see. The first read throws what `read` throws; later ones keep the last good value. `impatient` looks
 * again after 250 ms already.
 */
export function createRereading<T>(read: () => T, stamp: () => string, options: RereadingOptions): (impatient?: boolean) => T {
  const { clock, onReloadError } = options;
  let seen = stamp();
  let value = read();
  let lookedAtMs = clock.now();
  return (impatient = false) => {
    const now = clock.now();
    if (now - lookedAtMs < (impatient ? impatientEveryMs : rereadEveryMs)) return value;
    lookedAtMs = now;
    try {
      const found = stamp();
      if (found !== seen) {
        value = read();
        seen = found;
      }
    } catch (error) {
      onReloadError?.(error);
    }
    return value;
  };
}

/** Gives a text that changes when the file behind the path does. */
export function fileStamp(path: string): string {
  const { ino, mtimeMs, size } = statSync(path);
  return `${path}:${String(ino)}:${String(mtimeMs)}:${String(size)}`;
}
