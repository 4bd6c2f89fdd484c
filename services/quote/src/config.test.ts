import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@quotemaster/config';
import { readMigrateConfig, readQuoteConfig, requireStores } from './config.ts';

function faultsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map((fault) => fault.variable);
    throw error;
  }
  return [];
}

const production = {
  QM_ENV: 'production',
  DATABASE_URL_QUOTE: 'postgres://quote:secret@db/quotemaster',
  REDIS_URL: 'redis://redis:6379',
  QM_AI_ADDR: 'dns:///ai-orchestrator:50055',
  QM_SERVICE_KEY_FILE: '/keys/quote.pem',
  QM_SERVICE_JWKS_FILE: '/keys/jwks.json',
  QM_ENCRYPTION_KEY_FILE: '/keys/encryption.key',
};

describe('readQuoteConfig', () => {
  it('has a default for everything in development', () => {
    expect(readQuoteConfig({})).toMatchObject({ stage: 'development', host: '127.0.0.1', grpcPort: 50_052, adminPort: 9_466 });
  });

  it('takes a production that names everything', () => {
    expect(readQuoteConfig(production)).toMatchObject({ stage: 'production', host: '0.0.0.0' });
  });

  it.each(Object.keys(production).filter((variable) => variable !== 'QM_ENV'))('refuses a production without %s', (missing) => {
    const faults = faultsOf(() => readQuoteConfig({ ...production, [missing]: undefined }));
    expect(faults.join()).toContain(missing);
  });

  it('tells every fault at once', () => {
    expect(faultsOf(() => readQuoteConfig({ QM_GRPC_PORT: 'many', QM_ENV: 'staging', QM_ADMIN_PORT: '70000' })).toSorted()).toEqual([
      'QM_ADMIN_PORT',
      'QM_AI_ADDR',
      'QM_GRPC_PORT',
    ]);
  });

  it('does not print the password of the database', () => {
    expect(JSON.stringify(readQuoteConfig(production))).not.toContain('secret');
  });
});

describe('requireStores', () => {
  it('names each store that is neither configured nor brought', () => {
    expect(faultsOf(() => requireStores(readQuoteConfig({}), { postgres: false, redis: false }))).toEqual([
      'DATABASE_URL_QUOTE',
      'REDIS_URL',
    ]);
    expect(faultsOf(() => requireStores(readQuoteConfig({}), { postgres: true, redis: false }))).toEqual(['REDIS_URL']);
    expect(faultsOf(() => requireStores(readQuoteConfig(production), { postgres: false, redis: false }))).toEqual([]);
  });
});

describe('readMigrateConfig', () => {
  it('needs an administrator’s address', () => {
    expect(faultsOf(() => readMigrateConfig({}))).toEqual(['DATABASE_ADMIN_URL']);
  });
});
