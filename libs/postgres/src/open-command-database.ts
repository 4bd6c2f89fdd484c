import { ConfigError } from '@quotemaster/config';
import type { Secret } from '@quotemaster/config';
import type { Logger } from '@quotemaster/observe';
import type { PostgresConfig } from './config.ts';
import { findEmbeddedPostgres } from './embedded/find-embedded-postgres.ts';
import { startEmbeddedPostgres } from './embedded/start-embedded-postgres.ts';
import { migrate } from './migrate/migrate.ts';
import type { ServiceMigrations } from './migrate/migrate.ts';

/** The database a command works on; `close` ends what was started for it. */
export interface CommandDatabase {
  readonly url: Secret;
  close(): Promise<void>;
}

/**
 * Finds the database of a service's command: the one configured, else in development the embedded one of the data folder, which is
 * started for the moment where no process runs it.
 * @throws ConfigError outside development when none is configured; it names `variable`.
 */
export async function openCommandDatabase(
  config: { readonly stage: 'development' | 'staging' | 'production'; readonly postgres: PostgresConfig; readonly dataDir: string },
  { migrations, variable }: { readonly migrations: ServiceMigrations; readonly variable: string },
  logger: Logger,
): Promise<CommandDatabase> {
  if (config.postgres.url !== undefined) return { url: config.postgres.url, close: async () => {} };
  if (config.stage !== 'development') {
    throw new ConfigError([{ variable, expected: 'the address of Postgres, here or in DATABASE_URL', found: 'nothing' }]);
  }
  const { service } = migrations;
  const running = await findEmbeddedPostgres(config.dataDir);
  if (running !== undefined) return { url: running.appUrl(service), close: async () => {} };

  const started = await startEmbeddedPostgres({ dataDir: config.dataDir, logger });
  try {
    const url = started.appUrl(service);
    await migrate({ ...migrations, adminUrl: started.adminUrl, appUrl: url, logger });
    return { url, close: () => started.stop() };
  } catch (error) {
    await started.stop();
    throw error;
  }
}
