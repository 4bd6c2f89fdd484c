import { createAccessTokenSigner, ensureAccessKeys, loadAccessKeys, openConfiguredServiceAuth } from '@quotemaster/auth';
import type { AccessTokenSigner, ServiceVerifier, SigningKeys } from '@quotemaster/auth';
import type { Secret } from '@quotemaster/config';
import { systemClock } from '@quotemaster/lifecycle';
import type { Clock } from '@quotemaster/lifecycle';
import { createLogger, createMetrics } from '@quotemaster/observe';
import type { Logger, Metrics } from '@quotemaster/observe';
import { createPostgres } from '@quotemaster/postgres';
import type { Postgres } from '@quotemaster/postgres';
import { createRedis } from '@quotemaster/redis';
import type { RedisFace } from '@quotemaster/redis';
import { v7 as newUuid } from 'uuid';
import { developmentAccessKeyDir, requireStores } from './config.ts';
import type { UserConfig } from './config.ts';
import { createPasswordHasher } from './credentials/password-hasher.ts';
import type { PasswordHasher } from './credentials/password-hasher.ts';
import { createEvents } from './events.ts';
import type { Events } from './events.ts';
import { userSchemaName } from './store/tables.ts';

/** What standalone and tests may bring; what is absent is built from config. */
export interface UserDeps {
  readonly postgresUrl?: Secret;
  /** Started and stopped by whoever brings it. */
  readonly redis?: RedisFace;
  readonly verifier?: ServiceVerifier;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  /** Makes UUIDv7s. */
  readonly newId?: () => string;
}

/** Everything the service is made of. A handler asks for a Pick of it. */
export interface Context {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly postgres: Postgres;
  readonly redis: RedisFace;
  /** False where `redis` was brought. */
  readonly ownsRedis: boolean;
  readonly verifier: ServiceVerifier;
  readonly accessKeys: SigningKeys;
  readonly signer: AccessTokenSigner;
  readonly passwords: PasswordHasher;
  readonly events: Events;
}

/**
 * Builds the service's parts from config, or takes them from `deps`. Opens no connection; makes development keys where none are named.
 * @throws ConfigError when a store is neither configured nor brought, or a key can't be read.
 */
export function createContext(config: UserConfig, deps: UserDeps): Context {
  requireStores(config, { postgres: deps.postgresUrl !== undefined, redis: deps.redis !== undefined });
  const clock = deps.clock ?? systemClock;
  const newId = deps.newId ?? newUuid;
  const logger = deps.logger ?? createLogger({ service: 'user', level: config.logLevel });
  const metrics = deps.metrics ?? createMetrics({ service: 'user' });
  const accessKeys = openAccessKeys(config, clock);
  return {
    clock,
    newId,
    logger,
    metrics,
    postgres: openPostgres(config, deps, logger, metrics),
    redis: deps.redis ?? openRedis(config, logger, metrics),
    ownsRedis: deps.redis === undefined,
    verifier: deps.verifier ?? openConfiguredServiceAuth(config, { name: 'user', clock, logger }).verifier,
    accessKeys,
    signer: createAccessTokenSigner({ keys: accessKeys, clock }),
    passwords: createPasswordHasher({ metrics }),
    events: createEvents({ metrics, clock, newId }),
  };
}

/** Opens the pool of this service's database, with `metrics` and `logger` of the context it is for. */
function openPostgres(config: UserConfig, deps: UserDeps, logger: Logger, metrics: Metrics): Postgres {
  const url = deps.postgresUrl ?? config.postgres.url;
  if (url === undefined) throw new Error('requireStores let a config without a database pass');
  return createPostgres({ ...config.postgres, url, service: 'user', schema: userSchemaName, logger, metrics });
}

function openRedis(config: UserConfig, logger: Logger, metrics: Metrics): RedisFace {
  if (config.redis === undefined) throw new Error('requireStores let a config without Redis pass');
  return createRedis({ ...config.redis, logger, metrics });
}

function openAccessKeys(config: UserConfig, clock: Clock): SigningKeys {
  const directory = config.accessKeyDir ?? developmentAccessKeyDir(config.dataDir);
  if (config.accessKeyDir === undefined) ensureAccessKeys(directory);
  return loadAccessKeys(directory, { clock });
}
