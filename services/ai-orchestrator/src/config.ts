import { readServiceKeyFiles } from '@quotemaster/auth';
import type { ServiceKeyFiles } from '@quotemaster/auth';
import { ConfigError, readConfig, Secret } from '@quotemaster/config';
import type { ConfigFault, Environment } from '@quotemaster/config';
import { readLogLevel } from '@quotemaster/observe';
import type { LogLevel } from '@quotemaster/observe';
import { readPostgresConfig } from '@quotemaster/postgres';
import type { PostgresConfig } from '@quotemaster/postgres';
import { readRedisConfig } from '@quotemaster/redis';
import type { RedisConfig } from '@quotemaster/redis';
import { readAiConfig } from './ai-config/ai-config.ts';
import type { AiConfig } from './ai-config/ai-config.ts';

type Stage = 'development' | 'staging' | 'production';

export interface AiOrchestratorConfig {
  readonly stage: Stage;
  readonly logLevel: LogLevel;
  /** Where it listens: this machine alone in development, every interface elsewhere. */
  readonly host: string;
  readonly grpcPort: number;
  readonly adminPort: number;
  /** The key of this service and everyone's public keys; absent: made in `dataDir`. */
  readonly serviceKeys: ServiceKeyFiles | undefined;
  readonly dataDir: string;
  readonly postgres: PostgresConfig;
  /** Absent: standalone passes its twin. */
  readonly redis: RedisConfig | undefined;
  /** Providers, breaker, selection: from QM_AI_CONFIG and the variables of the providers' SDKs. */
  readonly ai: AiConfig;
  /** The file behind it, to be read again when it changes; absent where there is none. */
  readonly aiSource: { readonly path: string; read(): AiConfig } | undefined;
}

/**
 * Reads the config of ai-orchestrator. Production takes no fallback of development: the keys must be named, and a language
 * model, for which the composer is one.
 * @throws ConfigError with every fault.
 */
export function readAiOrchestratorConfig(env: Environment): AiOrchestratorConfig {
  return readConfig(env, (reader) => {
    const stage = reader.oneOf<Stage>('QM_ENV', ['development', 'staging', 'production'], 'development');
    const config: AiOrchestratorConfig = {
      stage,
      logLevel: readLogLevel(reader),
      host: stage === 'development' ? '127.0.0.1' : '0.0.0.0',
      grpcPort: reader.port('QM_GRPC_PORT', 50_055),
      adminPort: reader.port('QM_ADMIN_PORT', 9_469),
      serviceKeys: readServiceKeyFiles(reader, { required: stage === 'production' }),
      dataDir: reader.string('QM_DATA_DIR', '.data'),
      postgres: readPostgresConfig(reader, 'AI'),
      redis: readRedisConfig(reader),
      ai: readAiConfig(reader),
      aiSource: aiSourceOf(env),
    };
    const writes = config.ai.providers.some(({ models }) => models.some(({ operation }) => operation === 'chat'));
    if (stage === 'production' && !writes) {
      const expected = 'a model provider: a key here, in ANTHROPIC_API_KEY or AZURE_OPENAI_API_KEY, a base URL, or QM_AI_CONFIG';
      reader.fault({ variable: 'OPENAI_API_KEY', expected, found: 'none of them' });
    }
    if (stage === 'production') for (const { fault } of storeFaults(config)) reader.fault(fault);
    return config;
  });
}

/** Reads what `migrate` needs: an administrator's address, and the app role's where it is set. */
export function readMigrateConfig(env: Environment): { readonly adminUrl: Secret; readonly appUrl?: Secret } {
  return readConfig(env, (reader) => {
    const adminUrl = reader.optionalSecretUrl('DATABASE_ADMIN_URL', ['postgres', 'postgresql']);
    const { url: appUrl } = readPostgresConfig(reader, 'AI');
    if (adminUrl === undefined) reader.fault(missing('DATABASE_ADMIN_URL', "an administrator's address of Postgres"));
    return { adminUrl: adminUrl ?? new Secret(''), ...(appUrl === undefined ? {} : { appUrl }) };
  });
}

/**
 * Makes sure that a service on its own has what standalone would give it.
 * @throws ConfigError naming DATABASE_URL_AI, REDIS_URL or both.
 */
export function requireStores(
  config: Pick<AiOrchestratorConfig, 'postgres' | 'redis'>,
  given: { postgres: boolean; redis: boolean },
): void {
  const faults = storeFaults(config).filter(({ store }) => !given[store]);
  if (faults.length > 0) throw new ConfigError(faults.map(({ fault }) => fault));
}

function aiSourceOf(env: Environment): AiOrchestratorConfig['aiSource'] {
  const path = env['QM_AI_CONFIG'];
  if (path === undefined || path === '') return undefined;
  return { path, read: () => readConfig(env, readAiConfig) };
}

function storeFaults(config: Pick<AiOrchestratorConfig, 'postgres' | 'redis'>): { store: 'postgres' | 'redis'; fault: ConfigFault }[] {
  return [
    ...(config.postgres.url === undefined
      ? [{ store: 'postgres' as const, fault: missing('DATABASE_URL_AI', 'the address of Postgres, here or in DATABASE_URL') }]
      : []),
    ...(config.redis === undefined
      ? [{ store: 'redis' as const, fault: missing('REDIS_URL', 'the address of Redis, here or in REDIS_CLUSTER_NODES') }]
      : []),
  ];
}

function missing(variable: string, expected: string): ConfigFault {
  return { variable, expected, found: 'nothing' };
}
