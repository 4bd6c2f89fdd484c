import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@quotemaster/config';
import { readGatewayConfig } from './config.ts';

const faultsOf = (env: Record<string, string>): string[] => {
  try {
    readGatewayConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ variable }) => variable);
    throw error;
  }
  return [];
};

describe('the config of the gateway', () => {
  it('needs nothing in development', () => {
    expect(readGatewayConfig({})).toMatchObject({
      stage: 'development',
      host: '127.0.0.1',
      httpPort: 8_080,
      publicUrl: 'http://127.0.0.1:8080',
      backends: {
        user: 'dns:///127.0.0.1:50051',
        quote: 'dns:///127.0.0.1:50052',
        'ai-orchestrator': 'dns:///127.0.0.1:50055',
      },
      corsOrigins: [],
      trustedProxies: [],
    });
  });

  it('falls back on nothing of development in production, and names all that is missing at once', () => {
    expect(faultsOf({ QM_ENV: 'production' })).toEqual(
      expect.arrayContaining([
        'QM_PUBLIC_URL',
        'QM_USER_ADDR',
        'QM_QUOTE_ADDR',
        'QM_AI_ADDR',
        'QM_SERVICE_KEY_FILE',
        'QM_SERVICE_JWKS_FILE',
        'REDIS_URL',
      ]),
    );
  });

  it.each([
    ['QM_CORS_ORIGINS', 'https://app.example.org/'],
    ['QM_CORS_ORIGINS', '*'],
    ['QM_CORS_ORIGINS', 'null'],
    ['QM_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['QM_TRUSTED_PROXIES', 'everyone'],
    ['QM_ADMIN_ALLOWLIST', '300.1.1.1'],
    ['QM_RATE_READ_PER_MINUTE', '0'],
    ['QM_HTTP_PORT', '70000'],
  ])('refuses %s=%s', (variable, value) => {
    expect(faultsOf({ [variable]: value })).toEqual([variable]);
  });

  it('takes single addresses among ranges', () => {
    expect(readGatewayConfig({ QM_TRUSTED_PROXIES: '10.0.0.7, fd00::1, 192.168.0.0/16' }).trustedProxies).toHaveLength(3);
  });

  it('knows the public address without its slash', () => {
    expect(readGatewayConfig({ QM_PUBLIC_URL: 'https://quotes.example.org/' }).publicUrl).toBe('https://quotes.example.org');
  });
});
