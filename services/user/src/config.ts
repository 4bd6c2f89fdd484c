import { join } from 'node:path';
import { readServiceKeyFiles } from '@quotemaster/auth';
import type { ServiceKeyFiles } from '@quotemaster/auth';
import { ConfigError, readConfig } from '@quotemaster/config';
import type { ConfigFault, ConfigReader, Environment } from '@quotemaster/config';
import type { Secret } from '@quotemaster/config';
import { readLogLevel } from '@quotemaster/observe';
import type { LogLevel } from '@quotemaster/observe';
import { readPostgresConfig } from '@quotemaster/postgres';
import type { PostgresConfig } from '@quotemaster/postgres';
import { readRedisConfig } from '@quotemaster/redis';
import type { RedisConfig } from '@quotemaster/redis';
import { readOAuthProviders } from './oauth/provider-config.ts';
import type { OAuthProviderConfig } from './oauth/provider-config.ts';

export type Stage = 'development' | 'staging' | 'production';

export interface UserConfig {
  readonly stage: Stage;
  /** Where it listens: this machine alone in development, every interface elsewhere. */
  readonly host: string;
  readonly grpcPort: number;
  readonly adminPort: number;
  readonly postgres: PostgresConfig;
  /** Absent: standalone passes its twin. */
  readonly redis: RedisConfig | undefined;
  /** The folder of the keys that sign access tokens; absent: made in `dataDir`. */
  readonly accessKeyDir: string | undefined;
  /** The key of this service and everyone's public keys; absent: made in `dataDir`. */
  readonly serviceKeys: ServiceKeyFiles | undefined;
  /** The key that seals secrets in the database; absent: made in `dataDir`. */
  readonly encryptionKeyFile: string | undefined;
  /** The passwords known from breaches; absent: the list of common ones that ships. */
  readonly breachedPasswordsFile: string | undefined;
  /** After so many days the access key is rotated, where the folder can be written; 0: by hand alone. */
  readonly accessKeyMaxAgeDays: number;
  /** The address that people and pages know, without a slash at the end. */
  readonly publicUrl: string;
  /** Absent: mail is a file in `dataDir`/outbox. */
  readonly smtpUrl: Secret | undefined;
  /** The sender of mail. */
  readonly mailFrom: string;
  /** Services with data of their own, by name, that export and erase it. */
  readonly peers: Readonly<Record<string, string>>;
  readonly oauthProviders: readonly OAuthProviderConfig[];
  readonly dataDir: string;
  readonly logLevel: LogLevel;
}

/**
 * Reads the config of the user service.
 *
 * Production takes no fallback of development: keys, database and Redis must all be named.
 * @throws ConfigError with every fault.
 */
export function readUserConfig(env: Environment): UserConfig {
  return readConfig(env, (reader) => {
    const stage = readStage(reader);
    const publicUrl = readPublicUrl(reader, stage);
    const config: UserConfig = {
      stage,
      host: stage === 'development' ? '127.0.0.1' : '0.0.0.0',
      grpcPort: reader.port('QM_GRPC_PORT', 50_051),
      adminPort: reader.port('QM_ADMIN_PORT', 9_465),
      postgres: readPostgresConfig(reader, 'USER'),
      redis: readRedisConfig(reader),
      accessKeyDir: reader.optionalString('QM_ACCESS_KEY_DIR'),
      serviceKeys: readServiceKeyFiles(reader, { required: stage === 'production' }),
      encryptionKeyFile: reader.optionalString('QM_ENCRYPTION_KEY_FILE'),
      breachedPasswordsFile: reader.optionalString('QM_BREACHED_PASSWORDS_FILE'),
      accessKeyMaxAgeDays: reader.integer('QM_ACCESS_KEY_MAX_AGE_DAYS', 30, { min: 0, max: 365 }),
      publicUrl,
      smtpUrl: reader.optionalSecretUrl('SMTP_URL', ['smtp', 'smtps']),
      mailFrom: reader.string('QM_MAIL_FROM', `Quote Master Pro <no-reply@${hostOf(publicUrl)}>`),
      peers: readPeers(reader, stage),
      oauthProviders: readOAuthProviders(reader, stage),
      dataDir: readDataDir(reader),
      logLevel: readLogLevel(reader),
    };
    if (stage === 'production') for (const fault of findFallbacks(config)) reader.fault(fault);
    return config;
  });
}

/**
 * Makes sure that a service on its own has what standalone would give it.
 * @throws ConfigError naming DATABASE_URL_USER, REDIS_URL or both.
 */
export function requireStores(config: Pick<UserConfig, 'postgres' | 'redis'>, given: { postgres: boolean; redis: boolean }): void {
  const faults = storeFaults(config).filter(({ store }) => !given[store]);
  if (faults.length > 0) throw new ConfigError(faults.map(({ fault }) => fault));
}

/** Where this service's own keys lie in development. */
export function developmentAccessKeyDir(dataDir: string): string {
  return join(dataDir, 'keys', 'access');
}

/** Where the encryption key lies in development. */
export function developmentEncryptionKeyFile(dataDir: string): string {
  return join(dataDir, 'keys', 'encryption.key');
}

/** Where mail lies in development. */
export function outboxFolder(dataDir: string): string {
  return join(dataDir, 'outbox');
}

export function readStage(reader: ConfigReader): Stage {
  return reader.oneOf<Stage>('QM_ENV', ['development', 'staging', 'production'], 'development');
}

export function readDataDir(reader: ConfigReader): string {
  return reader.string('QM_DATA_DIR', '.data');
}

function readPublicUrl(reader: ConfigReader, stage: Stage): string {
  const port = reader.port('QM_HTTP_PORT', 8_080);
  const fallback = stage === 'development' ? `http://127.0.0.1:${String(port)}` : undefined;
  return reader.url('QM_PUBLIC_URL', ['http', 'https'], fallback).replace(/\/+$/, '');
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : 'localhost';
}

/** Every service whose data an account's export and deletion must reach. */
const peerVariables = [
  { name: 'ai-orchestrator', variable: 'QM_AI_ADDR', port: 50_055 },
  { name: 'quote', variable: 'QM_QUOTE_ADDR', port: 50_052 },
];

function readPeers(reader: ConfigReader, stage: Stage): UserConfig['peers'] {
  return Object.fromEntries(
    peerVariables.flatMap(({ name, variable, port }) => {
      const address = reader.optionalString(variable) ?? (stage === 'development' ? `dns:///127.0.0.1:${String(port)}` : undefined);
      if (address === undefined) reader.fault(missing(variable, `the address of ${name}, dns:///host:port`));
      return address === undefined ? [] : [[name, address] as const];
    }),
  );
}

function findFallbacks(config: UserConfig): ConfigFault[] {
  const keys = [
    ...(config.accessKeyDir === undefined ? [missing('QM_ACCESS_KEY_DIR', 'a folder with the keys that sign access tokens')] : []),
    ...(config.encryptionKeyFile === undefined ? [missing('QM_ENCRYPTION_KEY_FILE', 'a file of at least 32 random bytes')] : []),
    ...(config.smtpUrl === undefined ? [missing('SMTP_URL', 'the address of a mail server, smtp://user:password@host:587')] : []),
  ];
  return [...keys, ...storeFaults(config).map(({ fault }) => fault)];
}

function storeFaults(config: Pick<UserConfig, 'postgres' | 'redis'>): { store: 'postgres' | 'redis'; fault: ConfigFault }[] {
  return [
    ...(config.postgres.url === undefined
      ? [{ store: 'postgres' as const, fault: missing('DATABASE_URL_USER', 'the address of Postgres, here or in DATABASE_URL') }]
      : []),
    ...(config.redis === undefined
      ? [{ store: 'redis' as const, fault: missing('REDIS_URL', 'the address of Redis, here or in REDIS_CLUSTER_NODES') }]
      : []),
  ];
}

function missing(variable: string, expected: string): ConfigFault {
  return { variable, expected, found: 'nothing' };
}
