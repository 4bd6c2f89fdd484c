import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig } from '@quotemaster/config';
import { readAiConfig } from './ai-config.ts';
import type { AiConfig } from './ai-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'ai-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (env: Record<string, string>): AiConfig => readConfig(env, readAiConfig);
let files = 0;
function fileOf(text: string): Record<string, string> {
  const path = join(folder, `${String((files += 1))}.yaml`);
  writeFileSync(path, text);
  return { QM_AI_CONFIG: path };
}
function faultsOf(env: Record<string, string>): string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ variable, expected, found }) => `${variable}: ${expected}; ${found}`);
    throw error;
  }
  return [];
}

describe('readAiConfig from the environment', () => {
  it('has no provider where nothing is set, and the mission’s breaker', () => {
    expect(read({})).toMatchObject({ providers: [], breaker: { failures: 5, windowMs: 60_000, openMs: 30_000 }, attempts: { max: 3 } });
  });

  it('takes each provider that has a key or an address, with dated defaults', () => {
    const { providers } = read({
      OPENAI_API_KEY: 'sk-1',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:1/',
      WHISPER_BASE_URL: 'http://127.0.0.1:2/v1',
    });
    expect(providers.map(({ id, kind, baseUrl }) => [id, kind, baseUrl])).toEqual([
      ['openai', 'openai', undefined],
      ['anthropic', 'anthropic', 'http://127.0.0.1:1'],
      ['whisper', 'compatible', 'http://127.0.0.1:2/v1'],
    ]);
    expect(providers[0]?.models[0]).toMatchObject({ name: 'gpt-6-luna', price: { inputPerMillion: 100_000n, outputPerMillion: 500_000n } });
    expect(JSON.stringify(providers, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain('sk-1');
  });

  it('takes a model by name, free of charge on a server of one’s own, at the dearest price where it is not known', () => {
    const own = read({ OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1', OPENAI_MODEL: 'llama3.2' }).providers[0];
    expect(own?.models).toMatchObject([{ name: 'llama3.2', operation: 'chat', price: { outputPerMillion: 0n } }]);
    const [openai, anthropic] = read({
      OPENAI_API_KEY: 'k',
      OPENAI_MODEL: 'gpt-6-luna',
      ANTHROPIC_API_KEY: 'k',
      ANTHROPIC_MODEL: 'claude-next',
    }).providers;
    expect(openai?.models).toMatchObject([{ name: 'gpt-6-luna', price: { outputPerMillion: 500_000n } }]);
    expect(anthropic?.models).toMatchObject([{ name: 'claude-next', price: { outputPerMillion: 20_000_000n } }]);
  });

  it('takes Azure with its deployment, and says what it lacks', () => {
    const azure = { AZURE_OPENAI_ENDPOINT: 'https://here.openai.azure.com', AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_DEPLOYMENT: 'quotes' };
    expect(read(azure).providers[0]).toMatchObject({ id: 'azure', models: [{ name: 'quotes', operation: 'chat' }] });
    expect(faultsOf({ AZURE_OPENAI_API_KEY: 'k' }).map((fault) => fault.split(':')[0])).toEqual([
      'AZURE_OPENAI_ENDPOINT',
      'AZURE_OPENAI_DEPLOYMENT',
    ]);
  });
});

describe('readAiConfig from a file', () => {
  it('takes providers, models, prices and numbers', () => {
    const env = fileOf(`
providers:
  - id: local
    kind: compatible
    baseUrl: http://127.0.0.1:11434/v1/
    models:
      - { name: small, price: { input: 0.2, output: 0.4 }, temperature: true }
      - { name: ears, operation: transcription, price: { minute: 0.001 }, segments: true }
  - id: main
    kind: openai
    apiKeyVariable: MY_KEY
breaker: { failures: 3, windowSeconds: 10 }
attempts: { timeoutSeconds: 1.5 }
selection: { costWeight: 4 }
`);
    const config = read({ ...env, MY_KEY: 'sk-2', OPENAI_API_KEY: 'ignored', ANTHROPIC_API_KEY: 'not listed' });
    expect(config.providers.map(({ id }) => id)).toEqual(['local', 'main']);
    expect(config.providers[0]).toMatchObject({
      baseUrl: 'http://127.0.0.1:11434/v1',
      models: [
        { name: 'small', operation: 'chat', temperature: true, price: { inputPerMillion: 200_000n, cachedInputPerMillion: 200_000n } },
        { name: 'ears', operation: 'transcription', segments: true, price: { perMinute: 1_000n } },
      ],
    });
    expect(config.providers[1]?.apiKey?.reveal()).toBe('sk-2');
    expect(config).toMatchObject({
      breaker: { failures: 3, windowMs: 10_000, openMs: 30_000 },
      attempts: { max: 3, timeoutMs: 1_500 },
      selection: { weights: { cost: 4, success: 2 } },
    });
  });

  it('takes the example of the documentation, whose numbers are the defaults', () => {
    const example = join(import.meta.dirname, '../../../../docs/ai-config.example.yaml');
    const { providers, ...rest } = read({ QM_AI_CONFIG: example, OPENAI_API_KEY: 'k' });
    const { providers: none, ...defaults } = read({});
    expect(rest).toEqual(defaults);
    expect(none).toEqual([]);
    expect(providers[0]?.models[0]).toEqual(read({ OPENAI_API_KEY: 'k' }).providers[0]?.models[0]);
  });

  it('keeps the environment’s providers where the file lists none', () => {
    expect(read({ ...fileOf('breaker: { failures: 9 }'), OPENAI_API_KEY: 'k' }).providers.map(({ id }) => id)).toEqual(['openai']);
  });

  it.each([
    ['is not there', { QM_AI_CONFIG: '/nowhere/ai.yaml' }, /ENOENT/],
    ['is no YAML', fileOf('providers: [}'), /YAML/],
    ['misspells a field', fileOf('selection: { costWieght: 4 }'), /costWieght.*selection/],
    ['says a number that can not be', fileOf('breaker: { failures: 0 }'), /breaker\.failures/],
    [
      'has two providers of one name',
      fileOf('providers: [{id: a, kind: openai, baseUrl: "http://x"}, {id: a, kind: openai, baseUrl: "http://x"}]'),
      /differ/,
    ],
    ['has a compatible server without address and models', fileOf('providers: [{id: a, kind: compatible}]'), /baseUrl.*\n.*model/],
    ['names a key that is not set', fileOf('providers: [{id: a, kind: openai, apiKeyVariable: NO_KEY}]'), /NO_KEY/],
    ['has a provider without key or address', fileOf('providers: [{id: a, kind: anthropic}]'), /ANTHROPIC_API_KEY/],
  ])('refuses one that %s, and says where', (_, env, expected) => expect(faultsOf(env).join('\n')).toMatch(expected));
});
