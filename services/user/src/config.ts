import { join } from 'node:path';
import { readServiceKeyFiles } from '@quotemaster/auth';
import type { ServiceKeyFiles } from '@quotemaster/auth';
import { ConfigError, readConfig } from '@quotemaster/config';
import type { ConfigFault, ConfigReader, Environment } from '@quotemaster/config';
import { readLogLevel } from '@quotemaster/observe';
import type { LogLevel } from '@quotemaster/observe';
import { readPostgresConfig } from '@quotemaster/postgres';
import type { PostgresConfig } from '@quotemaster/postgres';
import { readRedisConfig } from '@quotemaster/redis';
import type { RedisConfig } from '@quotemaster/redis';

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
    const config: UserConfig = {
      stage,
      host: stage === 'development' ? '127.0.0.1' : '0.0.0.0',
      grpcPort: reader.port('QM_GRPC_PORT', 50_051),
      adminPort: reader.port('QM_ADMIN_PORT', 9_465),
      postgres: readPostgresConfig(reader, 'USER'),
      redis: readRedisConfig(reader),
      accessKeyDir: reader.optionalString('QM_ACCESS_KEY_DIR'),
      serviceKeys: readServiceKeyFiles(reader, { required: stage === 'production' }),
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

export function readStage(reader: ConfigReader): Stage {
  return reader.oneOf<Stage>('QM_ENV', ['development', 'staging', 'production'], 'development');
}

export function readDataDir(reader: ConfigReader): string {
  return reader.string('QM_DATA_DIR', '.data');
}

function findFallbacks(config: UserConfig): ConfigFault[] {
  const keys = [
    ...(config.accessKeyDir === undefined ? [missing('QM_ACCESS_KEY_DIR', 'a folder with the keys that sign access tokens')] : []),
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
