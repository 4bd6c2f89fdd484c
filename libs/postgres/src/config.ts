import type { ConfigReader, Secret } from '@quotemaster/config';

export interface PostgresConfig {
  /** Absent where neither DATABASE_URL_<SERVICE> nor DATABASE_URL is set: standalone then passes its embedded server's. */
  readonly url: Secret | undefined;
  readonly poolMax: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
}

/** Reads where a service's database is and how it is used; `service` is its name in variables, `QUOTE`. */
export function readPostgresConfig(reader: ConfigReader, service: string): PostgresConfig {
  const schemes = ['postgres', 'postgresql'];
  return {
    url: reader.optionalSecretUrl(`DATABASE_URL_${service}`, schemes) ?? reader.optionalSecretUrl('DATABASE_URL', schemes),
    poolMax: reader.integer('QM_POSTGRES_POOL_MAX', 10, { min: 1, max: 200 }),
    statementTimeoutMs: reader.integer('QM_POSTGRES_STATEMENT_TIMEOUT_MS', 5_000, { min: 10, max: 600_000 }),
    lockTimeoutMs: reader.integer('QM_POSTGRES_LOCK_TIMEOUT_MS', 2_000, { min: 10, max: 600_000 }),
  };
}
