import { join } from 'node:path';
import { createAccessTokenSigner, ensureAccessKeys, loadAccessKeys, openConfiguredServiceAuth } from '@quotemaster/auth';
import type { AccessTokenSigner, ServiceIdentity, ServiceVerifier, SigningKeys } from '@quotemaster/auth';
import type { Secret } from '@quotemaster/config';
import { systemClock } from '@quotemaster/lifecycle';
import type { Clock } from '@quotemaster/lifecycle';
import { createLogger, createMetrics } from '@quotemaster/observe';
import type { Logger, Metrics } from '@quotemaster/observe';
import { createPageTokens, createPostgres } from '@quotemaster/postgres';
import type { PageTokens, Postgres } from '@quotemaster/postgres';
import { createRedis } from '@quotemaster/redis';
import type { RedisFace } from '@quotemaster/redis';
import { openVault } from '@quotemaster/vault';
import type { Vault } from '@quotemaster/vault';
import { v7 as newUuid } from 'uuid';
import { createPrivacyPeers } from './clients/privacy.ts';
import type { PrivacyPeers } from './clients/privacy.ts';
import { developmentAccessKeyDir, developmentEncryptionKeyFile, outboxFolder, requireStores } from './config.ts';
import type { Stage, UserConfig } from './config.ts';
import { createKeySeal } from './credentials/key-seal.ts';
import { openBreachedPasswords } from './credentials/breached-passwords.ts';
import type { BreachedPasswords } from './credentials/breached-passwords.ts';
import { createPasswordHasher } from './credentials/password-hasher.ts';
import type { PasswordHasher } from './credentials/password-hasher.ts';
import { createThrottle } from './credentials/throttle.ts';
import type { Throttle } from './credentials/throttle.ts';
import { createWebAuthn, relyingPartyOf } from './credentials/webauthn.ts';
import type { WebAuthn } from './credentials/webauthn.ts';
import { createEvents } from './events.ts';
import type { Events } from './events.ts';
import { createMailbox } from './mail/mailbox.ts';
import type { Mailbox } from './mail/mailbox.ts';
import { createFileMailer, createSmtpMailer } from './mail/mailer.ts';
import type { Mailer } from './mail/mailer.ts';
import { createOAuthClient } from './oauth/oauth-client.ts';
import type { OAuthClient } from './oauth/oauth-client.ts';
import { createSessionCache } from './sessions/session-cache.ts';
import type { SessionCache } from './sessions/session-cache.ts';
import { userSchemaName } from './store/tables.ts';

/** What standalone and tests may bring; what is absent is built from config. */
export interface UserDeps {
  readonly postgresUrl?: Secret;
  /** Started and stopped by whoever brings it. */
  readonly redis?: RedisFace;
  readonly verifier?: ServiceVerifier;
  readonly identity?: ServiceIdentity;
  /** Where the other services are, asked when one is first needed. */
  readonly addressOf?: (name: string) => string;
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
  readonly breached: BreachedPasswords;
  readonly throttle: Throttle;
  readonly webauthn: WebAuthn;
  readonly oauth: OAuthClient;
  readonly vault: Vault;
  readonly mailbox: Mailbox;
  readonly mailer: Mailer;
  readonly sessionCache: SessionCache;
  readonly peers: PrivacyPeers;
  readonly pageTokens: PageTokens;
  readonly publicUrl: string;
  readonly stage: Stage;
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
  const vault = openConfiguredVault(config);
  const accessKeys = openAccessKeys(config, vault, clock, logger);
  const postgres = openPostgres(config, deps, logger, metrics);
  const redis = deps.redis ?? openRedis(config, logger, metrics);
  const { identity, verifier } = openAuth(config, deps, clock, logger);
  const { publicUrl, peers } = config;
  return {
    clock,
    newId,
    logger,
    metrics,
    postgres,
    redis,
    ownsRedis: deps.redis === undefined,
    verifier,
    accessKeys,
    signer: createAccessTokenSigner({ keys: accessKeys, clock }),
    passwords: createPasswordHasher({ metrics }),
    breached: openBreachedPasswords(config.breachedPasswordsFile ?? shippedPasswordsFile),
    throttle: createThrottle({ db: postgres.db, clock, hmacKey: () => newestOf(vault.derive('user/attempts/1')), logger, metrics }),
    webauthn: createWebAuthn(relyingPartyOf(publicUrl)),
    oauth: createOAuthClient({ providers: config.oauthProviders, publicUrl }),
    vault,
    mailbox: createMailbox({ clock, vault, newId }),
    mailer: openMailer(config),
    sessionCache: createSessionCache({ redis, logger }),
    peers: createPrivacyPeers({
      names: Object.keys(peers),
      addressOf: deps.addressOf ?? ((name) => peers[name] ?? ''),
      identity,
      metrics,
    }),
    pageTokens: createPageTokens(() => vault.derive('user/page-token/1')),
    publicUrl,
    stage: config.stage,
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

function openAuth(
  config: UserConfig,
  deps: UserDeps,
  clock: Clock,
  logger: Logger,
): { identity: ServiceIdentity; verifier: ServiceVerifier } {
  const { identity, verifier } = deps;
  if (identity !== undefined && verifier !== undefined) return { identity, verifier };
  const opened = openConfiguredServiceAuth(config, { name: 'user', clock, logger });
  return { identity: identity ?? opened.identity, verifier: verifier ?? opened.verifier };
}

/** Opens the vault that a config names; in development one of the data folder, made where there is none. */
export function openConfiguredVault({ encryptionKeyFile, dataDir }: Pick<UserConfig, 'encryptionKeyFile' | 'dataDir'>): Vault {
  return encryptionKeyFile === undefined
    ? openVault({ file: developmentEncryptionKeyFile(dataDir), create: true })
    : openVault({ file: encryptionKeyFile });
}

function openAccessKeys(config: UserConfig, vault: Vault, clock: Clock, logger: Logger): SigningKeys {
  const directory = config.accessKeyDir ?? developmentAccessKeyDir(config.dataDir);
  const seal = createKeySeal(vault);
  if (config.accessKeyDir === undefined) ensureAccessKeys(directory, seal);
  return loadAccessKeys(directory, {
    clock,
    seal,
    onReloadError: (error) => logger.error({ err: error }, 'changed access keys could not be read; the keys in use stay'),
  });
}

function openMailer({ smtpUrl, mailFrom: from, dataDir }: UserConfig): Mailer {
  return smtpUrl === undefined ? createFileMailer({ folder: outboxFolder(dataDir), from }) : createSmtpMailer({ url: smtpUrl, from });
}

/** What ships when no larger list is configured. */
const shippedPasswordsFile = join(import.meta.dirname, 'data', 'common-passwords.bloom');

function newestOf(keys: readonly Buffer[]): Buffer {
  const [newest] = keys;
  if (newest === undefined) throw new Error('a vault without keys was let pass');
  return newest;
}
