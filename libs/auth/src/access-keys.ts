import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@quotemaster/config';
import { parsePrivateKey, toPublicJwk } from './jwk.ts';
import type { Jwk, SigningKey, SigningKeys } from './jwk.ts';
import { makeDirectory, writeNewPrivateKey } from './key-files.ts';
import { createRereading, fileStamp } from './rereading.ts';
import type { RereadingOptions } from './rereading.ts';

/** More keys than this in a folder are a mistake. */
const keysMax = 16;

/**
 * Loads the keys that sign access tokens: every *.pem of a folder, a P-256 private key each.
 *
 * The last by file name signs and all are published, each under its RFC 7638 thumbprint. To rotate, add a file that
 * sorts last; remove the old one when the last token it signed has expired. The folder is read again when it changes.
 * @throws ConfigError naming QM_ACCESS_KEY_DIR when the folder holds no usable key.
 */
export function loadAccessKeys(directory: string, options: Partial<RereadingOptions> = {}): SigningKeys {
  const { clock = Date, onReloadError } = options;
  const current = createRereading(
    () => readKeys(directory),
    () => keyFiles(directory).map(fileStamp).join('\n'),
    { clock, onReloadError },
  );
  return { current: () => current().signing, jwks: () => current().jwks };
}

/** Makes the folder (0700) and a first key in it (0600) where there is none. For development. */
export function ensureAccessKeys(directory: string): void {
  makeDirectory(directory);
  if (readdirSync(directory).some((name) => name.endsWith('.pem'))) return;
  writeNewPrivateKey(join(directory, '0001.pem'));
}

function readKeys(directory: string): { signing: SigningKey; jwks: readonly Jwk[] } {
  const keys = keyFiles(directory).map((file) => readKey(file));
  const signing = keys.at(-1);
  if (signing === undefined || keys.length > keysMax) throw unusable(`${String(keys.length)} of them in ${directory}`);
  return { signing, jwks: keys.map(({ key, kid }) => toPublicJwk(key, kid)) };
}

function readKey(file: string): SigningKey {
  try {
    const key = parsePrivateKey(readFileSync(file, 'utf8'));
    return { key, kid: toPublicJwk(key).kid };
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

function unusable(found: string): ConfigError {
  return new ConfigError([
    { variable: 'QM_ACCESS_KEY_DIR', expected: `a folder with 1 to ${String(keysMax)} P-256 private keys (*.pem)`, found },
  ]);
}
