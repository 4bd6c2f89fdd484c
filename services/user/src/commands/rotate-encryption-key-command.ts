import { readConfig } from '@quotemaster/config';
import { createLogger, createMetrics } from '@quotemaster/observe';
import { createPostgres, openCommandDatabase, readPostgresConfig } from '@quotemaster/postgres';
import type { Postgres } from '@quotemaster/postgres';
import { addKey, dropOldKeys, openVault } from '@quotemaster/vault';
import { developmentAccessKeyDir, developmentEncryptionKeyFile, readDataDir, readStage } from '../config.ts';
import { resealAccessKeys } from '../credentials/key-seal.ts';
import { reseal } from '../store/reseal.ts';
import { userSchemaName } from '../store/tables.ts';
import { userMigrations } from '../store/migrations.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './run-command.ts';

/**
 * Changes the encryption key: `rotate-encryption-key` adds a key to QM_ENCRYPTION_KEY_FILE and seals what is stored anew with it;
 * `--reseal` only seals anew, with a file that somebody else has changed; `--drop` afterwards drops the old keys from the file.
 *
 * Old keys stay in the file until then: other processes read it within five seconds, and short-lived secrets under the old key
 * (mails, sign-ins on their way) need an hour to be gone.
 */
export const rotateEncryptionKeyCommand: Command = async (args, { env, stdout, stderr }) => {
  const [mode, ...rest] = args;
  if (rest.length > 0 || (mode !== undefined && mode !== '--reseal' && mode !== '--drop')) {
    stderr.write('usage: rotate-encryption-key [--reseal|--drop]\n');
    return exitCodes.usage;
  }
  const config = readConfig(env, (reader) => ({
    stage: readStage(reader),
    postgres: readPostgresConfig(reader, 'USER'),
    dataDir: readDataDir(reader),
    accessKeyDir: reader.optionalString('QM_ACCESS_KEY_DIR'),
    file: reader.optionalString('QM_ENCRYPTION_KEY_FILE') ?? developmentEncryptionKeyFile(readDataDir(reader)),
  }));
  const logger = createLogger({ service: 'user', level: 'error' });
  const database = await openCommandDatabase(config, { migrations: userMigrations, variable: 'DATABASE_URL_USER' }, logger);
  const metrics = createMetrics({ service: 'user' });
  const postgres = createPostgres({
    ...config.postgres,
    url: database.url,
    poolMax: 1,
    service: 'user',
    schema: userSchemaName,
    logger,
    metrics,
  });
  try {
    if (mode === undefined) stdout.write(`the key ${addKey(config.file)} was added to ${config.file}\n`);
    const left = await resealAll(postgres, config, stdout);
    if (mode !== '--drop') return exitCodes.done;
    if (left > 0) {
      stderr.write(`${String(left)} secrets are still under an old key: no key was dropped\n`);
      return exitCodes.failed;
    }
    stdout.write(`${String(dropOldKeys(config.file))} old keys were dropped from ${config.file}\n`);
    return exitCodes.done;
  } finally {
    await postgres.stop?.();
    await database.close();
  }
};

/** Seals everything anew; gives how much could not be, because it was written meanwhile or opens no more. */
async function resealAll(
  postgres: Postgres,
  config: { file: string; accessKeyDir: string | undefined; dataDir: string },
  stdout: { write(text: string): unknown },
): Promise<number> {
  const vault = openVault({ file: config.file });
  const { resealed, left } = await reseal(postgres, vault);
  const files = resealAccessKeys(config.accessKeyDir ?? developmentAccessKeyDir(config.dataDir), vault);
  stdout.write(`${String(resealed)} secrets in the database and ${String(files)} key files were sealed anew with ${vault.keyId()}\n`);
  return left;
}
