import { mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parsePrivateKey, toPublicJwk } from './jwk.ts';
import type { Jwk, SigningKey, SigningKeys } from './jwk.ts';
import { makeDirectory, writeNewPrivateKey } from './key-files.ts';
import type { KeySeal } from './key-files.ts';
import { ConfigError, createRereading, fileStamp } from '@quotemaster/config';
import type { RereadingOptions } from '@quotemaster/config';

/** More keys than this in a folder are a mistake. */
const keysMax = 16;
/** A new key is published so long before it signs: whoever verifies has fetched it by then. */
const publishedBeforeUseMs = 10 * 60_000;
/** What a key signed lives so long at most, and those who verify remember the key a little longer. */
const keptAfterUseMs = 20 * 60_000;

/** A key of the folder: its file is named by when it was made, `20261123T101500Z.pem`, or in any other way for one that signs at once. */
interface AccessKey extends SigningKey {
  readonly file: string;
  /** From when it may sign. */
  readonly activeAtMs: number;
}

/**
 * Loads the keys that sign access tokens: every *.pem of a folder, a P-256 private key each, in clear or sealed.
 *
 * All are published, each under its RFC 7638 thumbprint; the last by file name that is active signs. A file named by a time is
 * active ten minutes after it, any other at once; where none is active yet, the first signs. The folder is read again when it changes.
 * @throws ConfigError naming QM_ACCESS_KEY_DIR when the folder holds no usable key.
 */
export function loadAccessKeys(directory: string, options: Partial<RereadingOptions> & { seal?: KeySeal | undefined } = {}): SigningKeys {
  const { clock = Date, onReloadError, seal } = options;
  const current = createRereading(
    () => {
      const keys = readKeys(directory, seal);
      return { keys, jwks: keys.map(({ key, kid }): Jwk => toPublicJwk(key, kid)) };
    },
    () => keyFiles(directory).map(fileStamp).join('\n'),
    { clock, onReloadError },
  );
  return { current: () => signingKey(current().keys, clock.now()), jwks: () => current().jwks };
}

/** Makes the folder (0700) and a first key in it (0600) where there is none. For development. */
export function ensureAccessKeys(directory: string, seal?: KeySeal): void {
  makeDirectory(directory);
  if (readdirSync(directory).some((name) => name.endsWith('.pem'))) return;
  writeNewPrivateKey(join(directory, '0001.pem'), seal);
}

/**
 * Rotates: adds a key, which signs in ten minutes, and removes those whose last token has died.
 *
 * A folder whose newest key has not begun to sign, or is not older than `olderThanMs`, gets no other: two rotations at once are one.
 * @returns the names of the files added and removed.
 * @throws ConfigError when the folder can't be read or written.
 */
export function rotateAccessKeys(
  directory: string,
  { clock = Date, seal, olderThanMs = 0 }: { clock?: { now(): number }; seal?: KeySeal | undefined; olderThanMs?: number } = {},
): { added: string | undefined; removed: readonly string[] } {
  const now = clock.now();
  const keys = readKeys(directory, seal);
  const isPending = keys.some(({ activeAtMs }) => activeAtMs > now);
  const isYoung = olderThanMs > 0 && now - newestAccessKeyAt(directory) < olderThanMs;
  const added = isPending || isYoung ? undefined : `${stampOf(now)}.pem`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (added !== undefined) writeNewPrivateKey(join(directory, added), seal);
    return { added, removed: removeSpentKeys(keys, now) };
  } catch (error) {
    throw unusable(error instanceof Error ? error.message : directory);
  }
}

function signingKey(keys: readonly AccessKey[], nowMs: number): SigningKey {
  const key = keys.findLast(({ activeAtMs }) => activeAtMs <= nowMs) ?? keys[0];
  if (key === undefined) throw new Error('a folder without keys was let pass');
  return key;
}

/** When the newest key of the folder was made, in milliseconds since the epoch. */
function newestAccessKeyAt(directory: string): number {
  const newest = keyFiles(directory).at(-1);
  if (newest === undefined) throw unusable(`none in ${directory}`);
  return timeOf(newest) ?? statSync(newest).mtimeMs;
}

/** A key is spent when another has signed in its place for longer than anything it signed can live. */
function removeSpentKeys(keys: readonly AccessKey[], nowMs: number): string[] {
  const spent = keys.filter((_, at) => keys.slice(at + 1).some(({ activeAtMs }) => activeAtMs > 0 && nowMs - activeAtMs > keptAfterUseMs));
  for (const { file } of spent) rmSync(file, { force: true });
  return spent.map(({ file }) => basename(file));
}

function readKeys(directory: string, seal: KeySeal | undefined): readonly AccessKey[] {
  const keys = keyFiles(directory).map((file) => readKey(file, seal));
  if (keys.length === 0 || keys.length > keysMax) throw unusable(`${String(keys.length)} of them in ${directory}`);
  return keys;
}

function readKey(file: string, seal: KeySeal | undefined): AccessKey {
  try {
    const text = readFileSync(file, 'utf8');
    const key = parsePrivateKey(seal === undefined ? text : seal.open(text, basename(file)));
    const madeAtMs = timeOf(file);
    return { key, kid: toPublicJwk(key).kid, file, activeAtMs: madeAtMs === undefined ? 0 : madeAtMs + publishedBeforeUseMs };
  } catch (error) {
    throw unusable(`${file}: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

function keyFiles(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.pem'))
      .sort()
      .map((name) => join(directory, name));
  } catch (error) {
    throw unusable(error instanceof Error ? error.message : directory);
  }
}

/** 20261123T101500Z */
function stampOf(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
}

function timeOf(file: string): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z\.pem$/.exec(basename(file));
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1);
  const time = Date.parse(`${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`);
  return Number.isNaN(time) ? undefined : time;
}

function unusable(found: string): ConfigError {
  return new ConfigError([
    { variable: 'QM_ACCESS_KEY_DIR', expected: `a folder with 1 to ${String(keysMax)} P-256 private keys (*.pem)`, found },
  ]);
}
