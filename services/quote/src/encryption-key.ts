import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError, Secret } from '@quotemaster/config';

const keyBytesMin = 32;

/**
 * Reads the encryption key from a file: at least 32 bytes, as they are.
 *
 * With `create`, a file that is missing is made with random bytes and mode 0600; of several processes that try at once
 * one wins and all read the same key.
 * @throws ConfigError when the file can't be read or is too short.
 */
export function loadEncryptionKey({ file, create }: { file: string; create: boolean }): Secret<Uint8Array> {
  try {
    if (create && !existsSync(file)) createKey(file);
    const key = readFileSync(file);
    if (key.length >= keyBytesMin) return new Secret<Uint8Array>(key);
  } catch (error) {
    throw fault(error instanceof Error ? error.message : 'an unreadable file');
  }
  throw fault(`fewer bytes in ${file}`);
}

/** Writes under another name first: whoever sees the file sees all of it. */
function createKey(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, randomBytes(keyBytesMin), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
}

function fault(found: string): ConfigError {
  return new ConfigError([
    { variable: 'QM_ENCRYPTION_KEY_FILE', expected: `a readable file of at least ${String(keyBytesMin)} random bytes`, found },
  ]);
}
