export { readUserConfig } from './config.ts';
export type { UserConfig } from './config.ts';
export type { UserDeps } from './context.ts';
export { buildUser } from './server.ts';
export type { UserService } from './server.ts';
export { userMigrations } from './store/migrations.ts';
