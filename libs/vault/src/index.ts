export { addKey, dropOldKeys } from './key-file.ts';
export { openVault } from './vault.ts';
export type { Vault } from './vault.ts';
