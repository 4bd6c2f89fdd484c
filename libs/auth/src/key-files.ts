import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

/** Keeps private keys sealed in their files. `name` is the file's own: a sealed key moved under another name does not open. */
export interface KeySeal {
  seal(pem: string, name: string): string;
  /** Opens what was sealed, and gives PEM in clear as it is: mounted secrets are sealed by whoever mounts them. */
  open(text: string, name: string): string;
}

/** Makes a folder that only its owner enters, and the folders above it. */
export function makeDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
}

/**
 * Writes a new P-256 private key (PKCS 8, PEM, mode 0600; sealed where a seal is given) unless the file exists already.
 *
 * Processes that start at once agree on one key: it is written whole under another name and linked into place, and the
 * first link wins.
 */
export function writeNewPrivateKey(file: string, seal?: KeySeal): void {
  if (existsSync(file)) return;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const draft = draftOf(file);
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
  writeFileSync(draft, seal === undefined ? pem : seal.seal(pem, basename(file)), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Replaces a file in one step, so that a reader sees the old or the new text and never half of it. */
export function replaceFile(file: string, text: string, mode: number): void {
  const draft = draftOf(file);
  writeFileSync(draft, text, { mode, flag: 'wx' });
  renameSync(draft, file);
}

function draftOf(file: string): string {
  return `${file}.${randomUUID()}.draft`;
}
