import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const root = join(import.meta.dirname, '..');

// The rules under test need no types, and without types a file need not exist to be linted.
const eslint = new ESLint({
  cwd: root,
  overrideConfig: [
    {
      ...tseslint.configs.disableTypeChecked,
      files: ['**/*.ts'],
      languageOptions: { parserOptions: { projectService: false, project: false } },
    },
  ] as never,
});

async function faults(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, file) });
  return (result?.messages ?? []).map((message) => message.ruleId ?? message.message);
}

describe('boundaries', () => {
  beforeAll(() => {
    // The boundary rule reads Nx's cached project graph; this writes it.
    execFileSync(join(root, 'node_modules/.bin/nx'), ['show', 'projects'], { cwd: root, env: { ...process.env, NX_DAEMON: 'false' } });
  }, 60_000);

  it.each([
    [
      'a service imports another service',
      'services/quote/src/probe.ts',
      `import { x } from '@quotemaster/user';\nexport const y = x;\n`,
      '@nx/enforce-module-boundaries',
    ],
    [
      'a lib imports a higher layer',
      'libs/config/src/probe.ts',
      `import { x } from '@quotemaster/rpc';\nexport const y = x;\n`,
      '@nx/enforce-module-boundaries',
    ],
    [
      'a lib imports its own layer',
      'libs/postgres/src/probe.ts',
      `import { x } from '@quotemaster/redis';\nexport const y = x;\n`,
      '@nx/enforce-module-boundaries',
    ],
    [
      'a service imports testkit',
      'services/quote/src/probe.ts',
      `import { x } from '@quotemaster/testkit';\nexport const y = x;\n`,
      '@nx/enforce-module-boundaries',
    ],
    ['pg outside libs/postgres', 'services/quote/src/probe.ts', `import pg from 'pg';\nexport const y = pg;\n`, 'no-restricted-imports'],
    [
      'ioredis outside libs/redis',
      'services/gateway/src/probe.ts',
      `import { Redis } from 'ioredis';\nexport const y = Redis;\n`,
      'no-restricted-imports',
    ],
    [
      'grpc-js outside libs/rpc',
      'services/user/src/probe.ts',
      `import { status } from '@grpc/grpc-js';\nexport const y = status;\n`,
      'no-restricted-imports',
    ],
    [
      'connect outside gateway',
      'services/user/src/probe.ts',
      `import { x } from '@connectrpc/connect';\nexport const y = x;\n`,
      'no-restricted-imports',
    ],
    [
      'a model provider outside the providers',
      'services/ai-orchestrator/src/probe.ts',
      `import OpenAI from 'openai';\nexport const y = OpenAI;\n`,
      'no-restricted-imports',
    ],
    [
      "bullmq's Postgres backend outside libs/postgres",
      'services/quote/src/probe.ts',
      `import { createPostgresBackend } from 'bullmq';\nexport const y = createPostgresBackend;\n`,
      'no-restricted-imports',
    ],
    [
      'process outside main.ts and config',
      'services/quote/src/probe.ts',
      `export const y = process.env['HOME'];\n`,
      'no-restricted-globals',
    ],
    [
      'node:process outside main.ts and config',
      'services/quote/src/probe.ts',
      `import { env } from 'node:process';\nexport const y = env;\n`,
      'no-restricted-imports',
    ],
  ])('%s is refused', async (_, file, code, rule) => {
    expect(await faults(file, code)).toContain(rule);
  });

  it.each([
    ['standalone imports a service', 'services/standalone/src/probe.ts', `import { x } from '@quotemaster/user';\nexport const y = x;\n`],
    ['a service imports a lib', 'services/quote/src/probe.ts', `import { x } from '@quotemaster/rpc';\nexport const y = x;\n`],
    ['libs/postgres imports pg', 'libs/postgres/src/probe.ts', `import pg from 'pg';\nexport const y = pg;\n`],
    [
      'a provider imports its SDK',
      'services/ai-orchestrator/src/providers/openai/probe.ts',
      `import OpenAI from 'openai';\nexport const y = OpenAI;\n`,
    ],
    ['main.ts reads process', 'services/quote/src/main.ts', `export const y = process.env['HOME'];\n`],
  ])('%s is allowed', async (_, file, code) => {
    // An SDK that is not installed yet is a fault of another kind.
    expect(
      (await faults(file, code)).filter((rule) => rule.startsWith('no-restricted') || (rule.startsWith('@nx') && !code.includes('openai'))),
    ).toEqual([]);
  });
});
