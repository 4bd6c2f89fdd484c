import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeySeal } from '@quotemaster/auth';
import type { Vault } from '@quotemaster/vault';

const prefix = 'qm-sealed:';

/** Creates what keeps the keys of access tokens sealed in their files. A key in clear PEM, as it is mounted, is taken as it is. */
export function createKeySeal(vault: Vault): KeySeal {
  const context = (name: string): string => `user/access-key/${name}`;
  return {
    seal: (pem, name) => `${prefix}${vault.seal(pem, context(name)).toString('base64url')}\n`,
    open: (text, name) =>
      text.startsWith(prefix)
        ? vault.open(Buffer.from(text.slice(prefix.length).trim(), 'base64url'), context(name)).toString('utf8')
        : text,
  };
}

/** Seals the sealed keys of a folder anew, under the newest key; those in clear stay in clear. Tells how many were sealed anew. */
export function resealAccessKeys(directory: string, vault: Vault): number {
  const seal = createKeySeal(vault);
  const old = readdirSync(directory).filter((name) => {
    const text = name.endsWith('.pem') ? readFileSync(join(directory, name), 'utf8') : '';
    return text.startsWith(prefix) && !vault.isCurrent(Buffer.from(text.slice(prefix.length).trim(), 'base64url'));
  });
  for (const name of old) {
    const file = join(directory, name);
    const draft = `${file}.draft`;
    writeFileSync(draft, seal.seal(seal.open(readFileSync(file, 'utf8'), name), name), { mode: 0o600 });
    renameSync(draft, file);
  }
  return old.length;
}
