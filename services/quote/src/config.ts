import { join } from 'node:path';
import { readServiceKeyFiles } from '@quotemaster/auth';
import type { ServiceKeyFiles } from '@quotemaster/auth';
import { ConfigError, readConfig, Secret } from '@quotemaster/config';
import type { ConfigFault, ConfigReader, Environment } from '@quotemaster/config';
import { readLogLevel } from '@quotemaster/observe';
import type { LogLevel } from '@quotemaster/observe';
import { readPostgresConfig } from '@quotemaster/postgres';
import type { PostgresConfig } from '@quotemaster/postgres';
import { readRedisConfig } from '@quotemaster/redis';
import type { RedisConfig } from '@quotemaster/redis';

type Stage = 'development' | 'staging' | 'production';

export type DegradedAnswers = 'composer' | 'none';

export interface QuoteConfig {
  readonly stage: Stage;
  readonly logLevel: LogLevel;
  /** Where it listens: this machine alone in development, every interface elsewhere. */
  readonly host: string;
  readonly grpcPort: number;
  readonly adminPort: number;
  readonly postgres: PostgresConfig;
  /** Absent: standalone passes its twin. */
  readonly redis: RedisConfig | undefined;
  /** Where ai-orchestrator is, `dns:///host:port`. */
  readonly aiAddress: string;
  /** The key of this service and everyone's public keys; absent: made in `dataDir`. */
  readonly serviceKeys: ServiceKeyFiles | undefined;
  /** The key behind the signatures of page tokens, the same for every replica; absent: made in `dataDir`. */
  readonly encryptionKeyFile: string | undefined;
  readonly dataDir: string;
  /** Who answers while no model provider does: the offline composer of ai-orchestrator, or nobody. */
  readonly degradedAnswers: DegradedAnswers;
}

/**
 * Reads the config of the quote service.
 *
 * Production takes no fallback of development: keys, database, Redis and ai-orchestrator must all be named.
 * @throws ConfigError with every fault.
 */
export function readQuoteConfig(env: Environment): QuoteConfig {
  return readConfig(env, (reader) => {
    const stage = reader.oneOf<Stage>('QM_ENV', ['development', 'staging', 'production'], 'development');
    const config: QuoteConfig = {
      stage,
      logLevel: readLogLevel(reader),
      host: stage === 'development' ? '127.0.0.1' : '0.0.0.0',
      grpcPort: reader.port('QM_GRPC_PORT', 50_052),
      adminPort: reader.port('QM_ADMIN_PORT', 9_466),
      postgres: readPostgresConfig(reader, 'QUOTE'),
      redis: readRedisConfig(reader),
      aiAddress: readAiAddress(reader, stage),
      serviceKeys: readServiceKeyFiles(reader, { required: stage === 'production' }),
      encryptionKeyFile: reader.optionalString('QM_ENCRYPTION_KEY_FILE'),
      dataDir: reader.string('QM_DATA_DIR', '.data'),
      degradedAnswers: reader.oneOf<DegradedAnswers>('QM_DEGRADED_ANSWERS', ['composer', 'none'], 'composer'),
    };
    if (stage === 'production') for (const fault of findFallbacks(config)) reader.fault(fault);
    return config;
  });
}

/** Reads what `migrate` needs: an administrator's address, and the app role's where it is set. */
export function readMigrateConfig(env: Environment): { readonly adminUrl: Secret; readonly appUrl?: Secret } {
  return readConfig(env, (reader) => {
    const adminUrl = reader.optionalSecretUrl('DATABASE_ADMIN_URL', ['postgres', 'postgresql']);
    const { url: appUrl } = readPostgresConfig(reader, 'QUOTE');
    if (adminUrl === undefined) reader.fault(missing('DATABASE_ADMIN_URL', "an administrator's address of Postgres"));
    return { adminUrl: adminUrl ?? new Secret(''), ...(appUrl === undefined ? {} : { appUrl }) };
  });
}

/**
 * Makes sure that a service on its own has what standalone would give it.
 * @throws ConfigError naming DATABASE_URL_QUOTE, REDIS_URL or both.
 */
export function requireStores(config: Pick<QuoteConfig, 'postgres' | 'redis'>, given: { postgres: boolean; redis: boolean }): void {
  const faults = storeFaults(config).filter(({ store }) => !given[store]);
  if (faults.length > 0) throw new ConfigError(faults.map(({ fault }) => fault));
}

/** Where the encryption key lies in development. */
export function developmentEncryptionKeyFile(dataDir: string): string {
  return join(dataDir, 'keys', 'encryption.key');
}

function readAiAddress(reader: ConfigReader, stage: Stage): string {
  const address = reader.optionalString('QM_AI_ADDR') ?? (stage === 'development' ? 'dns:///127.0.0.1:50055' : undefined);
  if (address === undefined) reader.fault(missing('QM_AI_ADDR', 'the address of ai-orchestrator, dns:///host:port'));
  return address ?? '';
}

function findFallbacks(config: QuoteConfig): ConfigFault[] {
  return [
    ...(config.encryptionKeyFile === undefined ? [missing('QM_ENCRYPTION_KEY_FILE', 'a file of at least 32 random bytes')] : []),
    ...storeFaults(config).map(({ fault }) => fault),
  ];
}

function storeFaults(config: Pick<QuoteConfig, 'postgres' | 'redis'>): { store: 'postgres' | 'redis'; fault: ConfigFault }[] {
  return [
    ...(config.postgres.url === undefined
      ? [{ store: 'postgres' as const, fault: missing('DATABASE_URL_QUOTE', 'the address of Postgres, here or in DATABASE_URL') }]
      : []),
    ...(config.redis === undefined
      ? [{ store: 'redis' as const, fault: missing('REDIS_URL', 'the address of Redis, here or in REDIS_CLUSTER_NODES') }]
      : []),
  ];
}

function missing(variable: string, expected: string): ConfigFault {
  return { variable, expected, found: 'nothing' };
}
