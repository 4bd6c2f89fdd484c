import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { deriveKey, ensureKeyFile, readKeyFile } from './key-file.ts';
import type { VaultKey } from './key-file.ts';

const version = 1;
const idBytes = 4;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + idBytes + nonceBytes + tagBytes;
/** The file is looked at again on use, at most this often. */
const lookEveryMs = 5_000;
const sealingPurpose = 'quotemaster.vault.aes-256-gcm.v1';

/** Seals secrets for storage, and derives keys, from the keys of one file. */
export interface Vault {
  /**
   * Seals bytes with AES-256-GCM under the newest key.
   *
   * Shape: version (1 byte), key id (4), nonce (12), tag (16), ciphertext. `context` is authenticated and not stored: what was sealed as
   * one row's secret does not open as another's.
   */
  seal(plain: Uint8Array | string, context: string): Buffer;
  /** @throws Error when the key is gone, the bytes were changed, or the context is another. */
  open(sealed: Uint8Array, context: string): Buffer;
  /** False for what another key than the newest sealed: it should be sealed anew. */
  isCurrent(sealed: Uint8Array): boolean;
  /** Keys of 32 bytes for one purpose, the newest first: make with the first, accept with any. */
  derive(purpose: string): readonly Buffer[];
  /** The id of the newest key: eight hex digits. */
  keyId(): string;
}

/**
 * Opens the vault of a key file, which is read again when it changes.
 *
 * With `create`, a file that is missing is made.
 * @throws ConfigError naming QM_ENCRYPTION_KEY_FILE when the file holds no usable key.
 */
export function openVault({ file, create = false }: { file: string; create?: boolean }): Vault {
  if (create) ensureKeyFile(file);
  const keys = createKeys(file);
  return {
    seal(plain, context) {
      const key = keys.newest();
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', deriveKey(key.secret, sealingPurpose), nonce).setAAD(Buffer.from(context));
      const text = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Buffer.of(version), Buffer.from(key.id, 'hex'), nonce, cipher.getAuthTag(), text]);
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed);
      if (bytes.length < headBytes || bytes[0] !== version) throw new Error('these bytes were not sealed by a vault');
      const key = keys.find(keyIdOf(bytes));
      const [nonce, tag] = [bytes.subarray(1 + idBytes, headBytes - tagBytes), bytes.subarray(headBytes - tagBytes, headBytes)];
      const decipher = createDecipheriv('aes-256-gcm', deriveKey(key.secret, sealingPurpose), nonce, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
      return Buffer.concat([decipher.update(bytes.subarray(headBytes)), decipher.final()]);
    },
    isCurrent: (sealed) => keyIdOf(Buffer.from(sealed)) === keys.newest().id,
    derive: (purpose) => keys.all().map(({ secret }) => deriveKey(secret, purpose)),
    keyId: () => keys.newest().id,
  };
}

function keyIdOf(sealed: Buffer): string {
  return sealed.subarray(1, 1 + idBytes).toString('hex');
}

interface Keys {
  all(): readonly VaultKey[];
  newest(): VaultKey;
  /** @throws Error when no key has this id. */
  find(id: string): VaultKey;
}

function createKeys(file: string): Keys {
  let known = readKeyFile(file);
  let seen = stampOf(file);
  let lookedAtMs = performance.now();

  function look(): void {
    lookedAtMs = performance.now();
    try {
      const stamp = stampOf(file);
      if (stamp === seen) return;
      known = readKeyFile(file);
      seen = stamp;
    } catch {
      // A file in the middle of its replacement, or a bad one: the keys known so far still work, and the next look tries again.
    }
  }

  const all = (): readonly VaultKey[] => {
    if (performance.now() - lookedAtMs >= lookEveryMs) look();
    return known;
  };
  return {
    all,
    newest() {
      const [newest] = all();
      if (newest === undefined) throw new Error('a key file without keys was let pass');
      return newest;
    },
    find(id) {
      // Another process may have sealed with a key that was added since.
      if (!known.some((key) => key.id === id)) look();
      const key = known.find((candidate) => candidate.id === id);
      if (key === undefined) throw new Error(`the key ${id}, with which this was sealed, is not in the key file`);
      return key;
    },
  };
}

function stampOf(file: string): string {
  const { ino, mtimeMs, size } = statSync(file);
  return [ino, mtimeMs, size].join(':');
}
