import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestPostgres } from '@quotemaster/testkit';
import type { TestPostgres } from '@quotemaster/testkit';

const main = join(import.meta.dirname, '../src/main.ts');
let dataDir: string;
let server: TestPostgres;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'quote-main-'));
  server = await startTestPostgres();
});
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Runs the program with nothing in its environment but what is given. */
function run(args: readonly string[], env: Record<string, string>): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, ...args], { env: { QM_DATA_DIR: dataDir, QM_GRPC_PORT: '0', QM_ADMIN_PORT: '0', ...env } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

describe('a quote service on its own', () => {
  it('ends with 78 and a line for each store that it is not told of', async () => {
    const { code, stderr } = await run([], {});
    expect(code).toBe(78);
    expect(stderr).toMatch(/^DATABASE_URL_QUOTE: .*\nREDIS_URL: .*\n$/);
  });

  it('ends with 78 in production with fallbacks of development, all of them named', async () => {
    const { code, stderr } = await run([], { QM_ENV: 'production' });
    expect(code).toBe(78);
    for (const variable of ['QM_AI_ADDR', 'QM_SERVICE_KEY_FILE', 'QM_ENCRYPTION_KEY_FILE', 'DATABASE_URL_QUOTE', 'REDIS_URL']) expect(stderr).toContain(`${variable}:`);
  });

  it('migrates its schema and ends with 0, again and again', async () => {
    const { adminUrl } = await server.createDatabase();
    for (const applied of [1, 0]) {
      const { code, stdout, stderr } = await run(['migrate'], { DATABASE_ADMIN_URL: adminUrl.reveal() });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(`"applied":${String(applied)}`);
    }
  });
});
