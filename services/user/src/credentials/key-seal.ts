import type { KeySeal } from '@quotemaster/auth';
import type { Vault } from '@quotemaster/vault';

const prefix = 'qm-sealed:';

/** Creates what keeps the keys of access tokens sealed in their files. A key in clear PEM, as it is mounted, is taken as it is. */
export function createKeySeal(vault: Vault): KeySeal {
  const context = (name: string): string => `user/access-key/${name}`;
  return {
    seal: (pem, name) => `${prefix}${vault.seal(pem, context(name)).toString('base64url')}\n`,
    open: (text, name) =>
      text.startsWith(prefix) ? vault.open(Buffer.from(text.slice(prefix.length).trim(), 'base64url'), context(name)).toString('utf8') : text,
  };
}
