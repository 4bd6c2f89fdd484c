import { join } from 'node:path';

/** What migrate() of libs/postgres needs of this service. */
export const aiMigrations = { service: 'ai', schema: 'ai', folder: join(import.meta.dirname, 'migrations') } as const;
