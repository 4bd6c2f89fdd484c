import { ConfigError } from '@quotemaster/config';
import { describe, expect, it } from '@jest/globals';
import { readUserConfig, requireStores } from './config.ts';

function faults(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ variable }) => variable).sort();
    throw error;
  }
  return [];
}

const production = {
  QM_ENV: 'production',
  QM_ACCESS_KEY_DIR: '/keys/access',
  QM_SERVICE_KEY_FILE: '/keys/user.pem',
  QM_SERVICE_JWKS_FILE: '/keys/jwks.json',
  DATABASE_URL: 'postgres://app:secret@db/quotemaster',
  REDIS_URL: 'redis://cache:6379',
  QM_ENCRYPTION_KEY_FILE: '/keys/encryption.key',
  QM_PUBLIC_URL: 'https://quotes.example.org',
  QM_AI_ADDR: 'dns:///ai:50055',
  QM_QUOTE_ADDR: 'dns:///quote:50052',
  SMTP_URL: 'smtp://mail:587',
};

describe('user config', () => {
  it('listens on this machine alone in development, at its own ports', () => {
    expect(readUserConfig({})).toMatchObject({
      stage: 'development',
      host: '127.0.0.1',
      grpcPort: 50_051,
      adminPort: 9_465,
      dataDir: '.data',
    });
    expect(readUserConfig(production).host).toBe('0.0.0.0');
  });

  it('refuses every fallback of development in production, all at once', () => {
    expect(faults(() => readUserConfig(production))).toEqual([]);
    expect(faults(() => readUserConfig({ QM_ENV: 'production' }))).toEqual([
      'DATABASE_URL_USER',
      'QM_ACCESS_KEY_DIR',
      'QM_AI_ADDR',
      'QM_ENCRYPTION_KEY_FILE',
      'QM_PUBLIC_URL',
      'QM_QUOTE_ADDR',
      'QM_SERVICE_JWKS_FILE',
      'QM_SERVICE_KEY_FILE',
      'REDIS_URL',
      'SMTP_URL',
    ]);
  });

  it('wants both files of service keys or neither', () => {
    expect(faults(() => readUserConfig({ QM_SERVICE_KEY_FILE: '/keys/user.pem' }))).toEqual(['QM_SERVICE_JWKS_FILE']);
    expect(faults(() => readUserConfig({ QM_SERVICE_JWKS_FILE: '/keys/jwks.json' }))).toEqual(['QM_SERVICE_KEY_FILE']);
  });

  it('says which store a lone service lacks', () => {
    const config = readUserConfig({});
    expect(
      faults(() => {
        requireStores(config, { postgres: false, redis: false });
      }),
    ).toEqual(['DATABASE_URL_USER', 'REDIS_URL']);
    expect(
      faults(() => {
        requireStores(config, { postgres: true, redis: false });
      }),
    ).toEqual(['REDIS_URL']);
    expect(
      faults(() => {
        requireStores(config, { postgres: true, redis: true });
      }),
    ).toEqual([]);
  });
});
