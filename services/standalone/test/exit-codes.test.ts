import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureDevelopmentServiceKeys } from '@quotemaster/auth';
import { startNodeProcess } from '@quotemaster/testkit/node-process';

const names = ['gateway', 'user', 'quote', 'ai-orchestrator'] as const;
const configError = 78;

let dataDir: string;
let taken: Server;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'qm-exit-'));
  ensureDevelopmentServiceKeys(dataDir, names);
  taken = createServer().listen(0, '127.0.0.1');
});
afterAll(async () => {
  taken.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function run(
  name: (typeof names)[number],
  env: Record<string, string>,
): Promise<{ code: number | null; variables: string[]; output: string }> {
  const program = startNodeProcess({ script: `services/${name}/src/main.ts`, env: { QM_DATA_DIR: dataDir, ...env } });
  const code = await program.ended();
  const output = program.output();
  const variables = [...output.matchAll(/^([A-Z][A-Z_]+)\b.*: expected .*, found .*$/gm)].map(([, variable]) => variable!);
  return { code, variables, output };
}

/** Nothing answers there; a service that has been told of it is content for now. */
const nowhere = {
  DATABASE_URL: 'postgres://app:hunter2@127.0.0.1:9/nowhere',
  REDIS_URL: 'redis://127.0.0.1:9',
  QM_GRPC_PORT: '0',
  QM_HTTP_PORT: '0',
  QM_ADMIN_PORT: '0',
};

const production = {
  gateway: ['QM_PUBLIC_URL', 'QM_USER_ADDR', 'QM_QUOTE_ADDR', 'QM_AI_ADDR', 'QM_SERVICE_KEY_FILE', 'QM_SERVICE_JWKS_FILE', 'REDIS_URL'],
  user: [
    'QM_PUBLIC_URL',
    'QM_AI_ADDR',
    'QM_QUOTE_ADDR',
    'QM_SERVICE_KEY_FILE',
    'QM_SERVICE_JWKS_FILE',
    'QM_ACCESS_KEY_DIR',
    'QM_ENCRYPTION_KEY_FILE',
    'SMTP_URL',
    'DATABASE_URL_USER',
    'REDIS_URL',
  ],
  quote: ['QM_AI_ADDR', 'QM_SERVICE_KEY_FILE', 'QM_SERVICE_JWKS_FILE', 'QM_ENCRYPTION_KEY_FILE', 'DATABASE_URL_QUOTE', 'REDIS_URL'],
  'ai-orchestrator': ['QM_SERVICE_KEY_FILE', 'QM_SERVICE_JWKS_FILE', 'OPENAI_API_KEY', 'DATABASE_URL_AI', 'REDIS_URL'],
} as const;

/** Good values for all that production asks for, save that no file is where it is said to be. */
const said: Record<string, string> = {
  QM_PUBLIC_URL: 'https://quotes.example.org',
  QM_USER_ADDR: 'dns:///user:50051',
  QM_QUOTE_ADDR: 'dns:///quote:50052',
  QM_AI_ADDR: 'dns:///ai:50055',
  QM_SERVICE_KEY_FILE: '/nowhere/key.pem',
  QM_SERVICE_JWKS_FILE: '/nowhere/jwks.json',
  QM_ACCESS_KEY_DIR: '/nowhere/access',
  QM_ENCRYPTION_KEY_FILE: '/nowhere/encryption.key',
  DATABASE_URL_USER: nowhere.DATABASE_URL,
  DATABASE_URL_QUOTE: nowhere.DATABASE_URL,
  DATABASE_URL_AI: nowhere.DATABASE_URL,
  REDIS_URL: nowhere.REDIS_URL,
  OPENAI_API_KEY: 'sk-any',
  SMTP_URL: 'smtp://127.0.0.1:9',
};

describe('a service without what it needs ends with 78 and names it', () => {
  it.each([
    ['user', ['DATABASE_URL_USER', 'REDIS_URL']],
    ['quote', ['DATABASE_URL_QUOTE', 'REDIS_URL']],
    ['ai-orchestrator', ['DATABASE_URL_AI', 'REDIS_URL']],
    ['gateway', ['REDIS_URL']],
  ] as const)('%s without its stores', async (name, variables) => {
    expect(await run(name, {})).toMatchObject({ code: configError, variables });
  });

  it.each(names)('%s in production with every fallback of development, all named at once', async (name) => {
    const { code, variables } = await run(name, { QM_ENV: 'production' });
    expect(code).toBe(configError);
    expect(variables.toSorted()).toEqual([...production[name]].toSorted());
  });

  it.each(names.flatMap((name) => production[name].map((variable) => [name, variable] as const)))(
    '%s in production without %s alone',
    async (name, variable) => {
      const rest = Object.fromEntries(Object.entries(said).filter(([other]) => other !== variable));
      const { code, variables } = await run(name, { QM_ENV: 'production', ...rest });
      expect(code).toBe(configError);
      expect(variables).toEqual([variable]);
    },
    30_000,
  );

  it.each(names)('%s with keys that are not where they should be', async (name) => {
    const { code, variables } = await run(name, { QM_ENV: 'production', ...nowhere, ...said });
    expect(code).toBe(configError);
    expect(variables.length).toBeGreaterThan(0);
    for (const variable of variables) expect(variable).toMatch(/KEY|JWKS/);
  });

  it.each(names)('%s on a port that is taken', async (name) => {
    const port = String((taken.address() as AddressInfo).port);
    const { code, variables } = await run(name, { ...nowhere, ...(name === 'gateway' ? { QM_HTTP_PORT: port } : { QM_GRPC_PORT: port }) });
    expect({ code, variables }).toEqual({ code: configError, variables: [name === 'gateway' ? 'QM_HTTP_PORT' : 'QM_GRPC_PORT'] });
  });

  it.each([
    ['gateway', { QM_HTTP_PORT: 'many', QM_CORS_ORIGINS: 'everyone' }],
    ['user', { DATABASE_URL: 'somewhere', REDIS_URL: 'http://:hunter2@redis' }],
    ['quote', { DATABASE_URL_QUOTE: 'mysql://app:hunter2@x', QM_LOG_LEVEL: 'loud' }],
    ['ai-orchestrator', { QM_AI_CONFIG: '/nowhere/ai.yaml', OPENAI_BASE_URL: 'openai', ANTHROPIC_API_KEY: 'hunter2' }],
  ] as const)('%s with values that can not be, all of them named, no secret shown', async (name, env) => {
    const { code, variables, output } = await run(name, { ...nowhere, ...env });
    expect(code).toBe(configError);
    expect(variables).toEqual(expect.arrayContaining(Object.keys(env).filter((variable) => variable !== 'ANTHROPIC_API_KEY')));
    expect(output).not.toContain('hunter2');
  });
});
