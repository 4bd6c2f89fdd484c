import { readConfig } from '@quotemaster/config';
import { createLogger } from '@quotemaster/observe';
import { migrate, readPostgresConfig } from '@quotemaster/postgres';
import { userMigrations } from '../store/migrations.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './run-command.ts';

/** Brings the schema up to date with DATABASE_ADMIN_URL, and makes the app role that DATABASE_URL_USER or DATABASE_URL names. */
export const migrateCommand: Command = async (_args, { env, stdout }) => {
  const { adminUrl, appUrl } = readConfig(env, (reader) => ({
    adminUrl: reader.secret('DATABASE_ADMIN_URL'),
    appUrl: readPostgresConfig(reader, 'USER').url,
  }));
  const logger = createLogger({ service: 'user' });
  const { applied } = await migrate({ ...userMigrations, adminUrl, ...(appUrl === undefined ? {} : { appUrl }), logger });
  stdout.write(`user: ${applied} migrations applied to schema ${userMigrations.schema}\n`);
  return exitCodes.done;
};
