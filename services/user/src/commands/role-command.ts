import { isRole, roles } from '@quotemaster/auth';
import type { Role } from '@quotemaster/auth';
import { readConfig } from '@quotemaster/config';
import { systemClock } from '@quotemaster/lifecycle';
import { createLogger, createMetrics } from '@quotemaster/observe';
import type { Logger } from '@quotemaster/observe';
import { createPostgres, openCommandDatabase, readPostgresConfig } from '@quotemaster/postgres';
import type { PostgresOptions } from '@quotemaster/postgres';
import { v7 as newId } from 'uuid';
import { readDataDir, readStage } from '../config.ts';
import { normaliseEmail } from '../domain/email.ts';
import { withEvents } from '../event-source.ts';
import { createEvents } from '../events.ts';
import { userSchemaName } from '../store/tables.ts';
import { userMigrations } from '../store/migrations.ts';
import { userStore } from '../store/user-store.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './run-command.ts';

/**
 * Gives an account another role: `role <email> <role>`.
 *
 * The change, its audit row and the event that makes gateways forget the old role are one transaction; the relay of a running
 * service publishes the event within a second.
 */
export const roleCommand: Command = async (args, { env, stdout, stderr }) => {
  const [email, role, ...rest] = args;
  if (email === undefined || role === undefined || rest.length > 0) {
    stderr.write(`usage: npm run user:role -- <email> <${roles.join('|')}>\n`);
    return exitCodes.usage;
  }
  if (!isRole(role)) {
    stderr.write(`there is no role ${JSON.stringify(role)}; the roles are ${roles.join(', ')}\n`);
    return exitCodes.usage;
  }
  const config = readConfig(env, (reader) => ({
    stage: readStage(reader),
    postgres: readPostgresConfig(reader, 'USER'),
    dataDir: readDataDir(reader),
  }));
  // The command speaks for itself in one line; its log would only repeat it.
  const logger = createLogger({ service: 'user', level: 'error' });
  const database = await openCommandDatabase(config, { migrations: userMigrations, variable: 'DATABASE_URL_USER' }, logger);
  try {
    const before = await setRole({ ...config.postgres, url: database.url }, logger, normaliseEmail(email), role);
    if (before === undefined) {
      stderr.write(`there is no account with the address ${email}\n`);
      return exitCodes.failed;
    }
    stdout.write(before === role ? `${email} has the role ${role} already\n` : `${email} now has the role ${role} (before: ${before})\n`);
    return exitCodes.done;
  } finally {
    await database.close();
  }
};

/** Gives the role the account had, undefined where there is no such account. */
async function setRole(
  connection: Pick<PostgresOptions, 'url' | 'statementTimeoutMs' | 'lockTimeoutMs'>,
  logger: Logger,
  email: string,
  role: Role,
): Promise<Role | undefined> {
  const metrics = createMetrics({ service: 'user' });
  const postgres = createPostgres({ ...connection, poolMax: 1, service: 'user', schema: userSchemaName, logger, metrics });
  const events = createEvents({ metrics, clock: systemClock, newId });
  try {
    return await withEvents(postgres, { logger, client: undefined }, async (source) => {
      const account = await userStore.setRole(source.tx, email, role, new Date(systemClock.now()));
      if (account === undefined || account.before === role) return account?.before;
      await events.roleChanged(source, { userId: account.id, from: account.before, to: role, actor: 'operator' });
      return account.before;
    });
  } finally {
    await postgres.stop?.();
  }
}
