import { readServiceKeyFiles } from '@quotemaster/auth';
import type { ServiceKeyFiles } from '@quotemaster/auth';
import { ConfigError, readConfig } from '@quotemaster/config';
import type { ConfigReader, Environment } from '@quotemaster/config';
import type { RateClass } from '@quotemaster/contract';
import { readLogLevel } from '@quotemaster/observe';
import type { LogLevel } from '@quotemaster/observe';
import { readRedisConfig } from '@quotemaster/redis';
import type { RatePolicy, RedisConfig } from '@quotemaster/redis';
import ipaddr from 'ipaddr.js';
import { readTlsFiles } from './http/tls-files.ts';
import type { TlsFiles } from './http/tls-files.ts';

export type AddressRange = ReturnType<typeof ipaddr.parseCIDR>;

export interface GatewayConfig {
  readonly stage: 'development' | 'staging' | 'production';
  readonly host: string;
  readonly httpPort: number;
  readonly adminPort: number;
  readonly logLevel: LogLevel;
  /** The address that people and pages know, without a slash at the end. */
  readonly publicUrl: string;
  /** Origins whose pages may call with credentials, beside the public one. */
  readonly corsOrigins: readonly string[];
  /** Proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly AddressRange[];
  /** From where RPCs of the admin network may be called. */
  readonly adminAllowlist: readonly AddressRange[];
  /** Where the services are, by name; one that is not told of is not called. */
  readonly backends: Readonly<Record<string, string>>;
  readonly rates: Readonly<Record<RateClass, RatePolicy>>;
  /** Absent: standalone passes its twin. */
  readonly redis: RedisConfig | undefined;
  readonly serviceKeys: ServiceKeyFiles | undefined;
  /** Absent: TLS is ended before the gateway. */
  readonly tls: TlsFiles | undefined;
  readonly dataDir: string;
  /** From so many calls in flight on, or such a delay of the event loop, the least urgent are refused. */
  readonly inFlightMax: number;
  readonly loopDelayMaxMs: number;
  /** How long a stop waits for answers in progress. */
  readonly drainMs: number;
}

const minuteMs = 60_000;

/**
 * Reads the config of the gateway. Production takes no fallback of development.
 * @throws ConfigError with every fault.
 */
export function readGatewayConfig(env: Environment): GatewayConfig {
  return readConfig(env, (reader) => {
    const stage = reader.oneOf('QM_ENV', ['development', 'staging', 'production'], 'development');
    const development = stage === 'development';
    const httpPort = reader.port('QM_HTTP_PORT', 8_080);
    const limit = (name: RateClass, fallback: number): RatePolicy => ({
      name,
      limit: reader.integer(`QM_RATE_${name.toUpperCase()}_PER_MINUTE`, fallback, { min: 1, max: 1_000_000 }),
      windowMs: minuteMs,
    });
    const config: GatewayConfig = {
      stage,
      host: development ? '127.0.0.1' : '0.0.0.0',
      httpPort,
      adminPort: reader.port('QM_ADMIN_PORT', 9_464),
      logLevel: readLogLevel(reader),
      publicUrl: reader
        .url('QM_PUBLIC_URL', ['http', 'https'], development ? `http://127.0.0.1:${String(httpPort)}` : undefined)
        .replace(/\/+$/, ''),
      corsOrigins: reader.list('QM_CORS_ORIGINS').map((origin) => checkOrigin(reader, origin)),
      trustedProxies: ranges(reader, 'QM_TRUSTED_PROXIES', []),
      adminAllowlist: ranges(reader, 'QM_ADMIN_ALLOWLIST', ['127.0.0.0/8', '::1/128']),
      backends: readBackends(reader, development),
      rates: {
        auth: limit('auth', 30),
        read: limit('read', 600),
        write: limit('write', 240),
        generate: limit('generate', 120),
        upload: limit('upload', 30),
        admin: limit('admin', 120),
        key: limit('key', 600),
      },
      redis: readRedisConfig(reader),
      tls: readTlsFiles(reader),
      serviceKeys: readServiceKeyFiles(reader, { required: stage === 'production' }),
      dataDir: reader.string('QM_DATA_DIR', '.data'),
      inFlightMax: reader.integer('QM_MAX_IN_FLIGHT', 2_000, { min: 1, max: 100_000 }),
      loopDelayMaxMs: reader.integer('QM_MAX_LOOP_DELAY_MS', 100, { min: 1, max: 10_000 }),
      // Whoever presses Ctrl-C wants it to end; a deploy must not cut a generation that takes its 20 s.
      drainMs: development ? 3_000 : 25_000,
    };
    if (stage === 'production' && config.redis === undefined) reader.fault(missingRedis);
    return config;
  });
}

/** Services of the contract by name, and where each is in development. */
const backendVariables = [
  { name: 'user', variable: 'QM_USER_ADDR', port: 50_051 },
  { name: 'quote', variable: 'QM_QUOTE_ADDR', port: 50_052 },
  { name: 'ai-orchestrator', variable: 'QM_AI_ADDR', port: 50_055 },
];

function readBackends(reader: ConfigReader, development: boolean): GatewayConfig['backends'] {
  const backends: Record<string, string> = {};
  for (const { name, variable, port } of backendVariables) {
    const address = reader.optionalString(variable) ?? (development ? `dns:///127.0.0.1:${String(port)}` : undefined);
    if (address !== undefined) backends[name] = address;
    else reader.fault(missing(variable, `the address of ${name}, dns:///host:port`));
  }
  return backends;
}

/** Makes sure that a gateway on its own has a Redis. @throws ConfigError naming REDIS_URL. */
export function requireRedis(config: Pick<GatewayConfig, 'redis'>): RedisConfig {
  if (config.redis === undefined) throw new ConfigError([missingRedis]);
  return config.redis;
}

const missingRedis = missing('REDIS_URL', 'the address of Redis, here or in REDIS_CLUSTER_NODES');

function missing(variable: string, expected: string): { variable: string; expected: string; found: string } {
  return { variable, expected, found: 'nothing' };
}

function ranges(reader: ConfigReader, variable: string, fallback: readonly string[]): readonly AddressRange[] {
  return reader.list(variable, fallback).flatMap((entry) => {
    try {
      return [ipaddr.parseCIDR(entry.includes('/') ? entry : `${entry}/${entry.includes(':') ? '128' : '32'}`)];
    } catch {
      // ipaddr.js only says that it isn't one; the fault says where and what.
      reader.fault({ variable, expected: 'address ranges such as 10.0.0.0/8, separated by commas', found: JSON.stringify(entry) });
      return [];
    }
  });
}

function checkOrigin(reader: ConfigReader, entry: string): string {
  if (URL.canParse(entry) && new URL(entry).origin === entry) return entry;
  reader.fault({
    variable: 'QM_CORS_ORIGINS',
    expected: 'origins such as https://app.example.org, separated by commas',
    found: JSON.stringify(entry),
  });
  return entry;
}
