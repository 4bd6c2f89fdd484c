import { join } from 'node:path';
import { userSchemaName } from './tables.ts';

/** What migrate() needs to bring this service's schema up to date. */
export const userMigrations = {
  service: 'user',
  schema: userSchemaName,
  folder: join(import.meta.dirname, 'migrations'),
} as const;
