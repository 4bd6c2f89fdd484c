export { ConfigError } from './config-error.ts';
export type { ConfigFault } from './config-error.ts';
export { toListenError } from './listen-error.ts';
export { readConfig } from './read-config.ts';
export type { ConfigReader, Environment } from './read-config.ts';
export { createRereading, fileStamp } from './rereading.ts';
export type { RereadingOptions } from './rereading.ts';
export { Secret } from './secret.ts';
