import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from '@quotemaster/config';

const keyBytesMin = 32;
/** More keys than this in one file are a mistake. */
const keysMax = 16;
const linePrefix = 'qm-key:';
const idBytes = 4;

/** One key of the file. */
export interface VaultKey {
  /** Eight hex digits that tell it from the others, and nothing about it. */
  readonly id: string;
  /** What is in the file. Keys for one purpose are derived from it. */
  readonly secret: Buffer;
}

/**
 * Reads the keys of a file, the one that seals first.
 *
 * The file holds a line `qm-key:<base64url of at least 32 bytes>` a key, newest first; or, as a single key, at least 32 bytes as they are.
 * @throws ConfigError naming QM_ENCRYPTION_KEY_FILE.
 */
export function readKeyFile(file: string): readonly VaultKey[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw fault(error instanceof Error ? error.message : 'an unreadable file');
  }
  const secrets = parse(bytes);
  if (secrets.length === 0 || secrets.length > keysMax) throw fault(`${String(secrets.length)} keys in ${file}`);
  if (secrets.some((secret) => secret.length < keyBytesMin)) throw fault(`fewer bytes in ${file}`);
  return secrets.map((secret) => ({ id: idOf(secret), secret }));
}

/** Makes a file with one random key (mode 0600) where there is none. Of several processes that try at once one wins. For development. */
export function ensureKeyFile(file: string): void {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = writeDraft(file, toText([randomBytes(keyBytesMin)]));
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Puts a new random key at the head of the file: from now on it seals, and the others still open.
 * @returns the id of the new key.
 * @throws ConfigError when the file holds no usable key, or as many as it may.
 */
export function addKey(file: string): string {
  const keys = readKeyFile(file);
  if (keys.length === keysMax) throw fault(`${String(keysMax)} keys already in ${file}: drop those that nothing is sealed with any more`);
  const secret = randomBytes(keyBytesMin);
  replace(file, [secret, ...keys.map((key) => key.secret)]);
  return idOf(secret);
}

/**
 * Drops every key but the newest. What is still sealed with one of them can never be opened again: re-encrypt first.
 * @returns how many were dropped.
 */
export function dropOldKeys(file: string): number {
  const [newest, ...old] = readKeyFile(file);
  if (newest !== undefined && old.length > 0) replace(file, [newest.secret]);
  return old.length;
}

/** Derives a key of 32 bytes for one purpose by HKDF-SHA-256 (RFC 5869). */
export function deriveKey(secret: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));
}

function parse(bytes: Buffer): Buffer[] {
  if (!bytes.subarray(0, linePrefix.length).equals(Buffer.from(linePrefix))) return [bytes];
  return bytes
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => (line.startsWith(linePrefix) ? Buffer.from(line.slice(linePrefix.length), 'base64url') : Buffer.alloc(0)));
}

function idOf(secret: Uint8Array): string {
  return createHash('sha256').update('quotemaster.vault.key-id').update(secret).digest().subarray(0, idBytes).toString('hex');
}

function toText(secrets: readonly Buffer[]): string {
  return secrets.map((secret) => `${linePrefix}${secret.toString('base64url')}\n`).join('');
}

/** A reader sees the old file or the new one, never half of it. */
function replace(file: string, secrets: readonly Buffer[]): void {
  renameSync(writeDraft(file, toText(secrets)), file);
}

function writeDraft(file: string, text: string): string {
  const draft = `${file}.${randomBytes(6).toString('hex')}.draft`;
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
  return draft;
}

function fault(found: string): ConfigError {
  return new ConfigError([
    {
      variable: 'QM_ENCRYPTION_KEY_FILE',
      expected: `a readable file of at least ${String(keyBytesMin)} random bytes, or of lines ${linePrefix}<base64url>`,
      found,
    },
  ]);
}
