import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@quotemaster/config';
import { readAiOrchestratorConfig } from './config.ts';

function faultsOf(env: Record<string, string>): string[] {
  try {
    readAiOrchestratorConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map((fault) => fault.variable);
    throw error;
  }
  return [];
}

const keys = { QM_SERVICE_KEY_FILE: '/keys/ai-orchestrator.pem', QM_SERVICE_JWKS_FILE: '/keys/jwks.json' };
const stores = { DATABASE_URL_AI: 'postgres://ai@127.0.0.1/qm', REDIS_URL: 'redis://127.0.0.1' };

describe('readAiOrchestratorConfig', () => {
  it('has a default for everything in development', () => {
    expect(readAiOrchestratorConfig({})).toMatchObject({
      stage: 'development',
      host: '127.0.0.1',
      grpcPort: 50_055,
      adminPort: 9_469,
      serviceKeys: undefined,
    });
  });

  it('takes a production that names its keys and a provider, and refuses one without', () => {
    expect(readAiOrchestratorConfig({ QM_ENV: 'production', ...keys, ...stores, ANTHROPIC_API_KEY: 'k' })).toMatchObject({
      host: '0.0.0.0',
      serviceKeys: { keyFile: keys.QM_SERVICE_KEY_FILE },
    });
    expect(faultsOf({ QM_ENV: 'production' })).toEqual([
      'QM_SERVICE_KEY_FILE',
      'QM_SERVICE_JWKS_FILE',
      'OPENAI_API_KEY',
      'DATABASE_URL_AI',
      'REDIS_URL',
    ]);
    const ears = { QM_ENV: 'production', ...keys, ...stores, WHISPER_BASE_URL: 'http://127.0.0.1:1/v1' };
    expect(faultsOf(ears)).toEqual(['OPENAI_API_KEY']);
  });

  it('takes no key file without the other', () => {
    expect(faultsOf({ QM_SERVICE_KEY_FILE: '/a' })).toEqual(['QM_SERVICE_JWKS_FILE']);
    expect(faultsOf({ QM_SERVICE_JWKS_FILE: '/a' })).toEqual(['QM_SERVICE_KEY_FILE']);
  });

  it('tells every fault at once', () => {
    expect(faultsOf({ QM_GRPC_PORT: 'many', QM_ADMIN_PORT: '70000', QM_ENV: 'production' }).toSorted()).toEqual([
      'DATABASE_URL_AI',
      'OPENAI_API_KEY',
      'QM_ADMIN_PORT',
      'QM_GRPC_PORT',
      'QM_SERVICE_JWKS_FILE',
      'QM_SERVICE_KEY_FILE',
      'REDIS_URL',
    ]);
  });
});
