import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestPostgres, waitUntil } from '@quotemaster/testkit';
import type { TestPostgres } from '@quotemaster/testkit';
import { quoteMigrations } from '../src/index.ts';

const redisServer = 'redis-server';
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

function start(args: readonly string[], env: Record<string, string>): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [main, ...args], { env: { QM_DATA_DIR: dataDir, QM_GRPC_PORT: '0', QM_ADMIN_PORT: '0', ...env } });
}

/** Runs the program with nothing in its environment but what is given. */
function run(args: readonly string[], env: Record<string, string>): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = start(args, env);
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
    for (const variable of ['QM_AI_ADDR', 'QM_SERVICE_KEY_FILE', 'QM_ENCRYPTION_KEY_FILE', 'DATABASE_URL_QUOTE', 'REDIS_URL'])
      expect(stderr).toContain(`${variable}:`);
  });

  it('migrates its schema and ends with 0, again and again', async () => {
    const { adminUrl } = await server.createDatabase();
    for (const applied of [1, 0]) {
      const { code, stdout, stderr } = await run(['migrate'], { DATABASE_ADMIN_URL: adminUrl.reveal() });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(`"applied":${String(applied)}`);
    }
  });

  const hasRedis = spawnSync(redisServer, ['--version']).status === 0;
  if (!hasRedis) process.stderr.write('skipped: the quote service on its own, as there is no redis-server on PATH\n');

  (hasRedis ? it : it.skip)('starts on its own Postgres and Redis, is ready, and stops at SIGTERM with 0', async () => {
    const database = await server.createDatabase([quoteMigrations]);
    const [redisPort, adminPort] = [await freePort(), await freePort()];
    const redis = spawn(redisServer, ['--port', String(redisPort), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']);
    const child = start([], {
      DATABASE_URL_QUOTE: database.appUrl('quote').reveal(),
      REDIS_URL: `redis://127.0.0.1:${String(redisPort)}`,
      QM_ADMIN_PORT: String(adminPort),
    });
    const ended = once(child, 'close');
    try {
      await waitUntil('readiness', async () => (await fetch(`http://127.0.0.1:${String(adminPort)}/readyz`)).ok, { timeoutMs: 15_000 });
      const metrics = await (await fetch(`http://127.0.0.1:${String(adminPort)}/metrics`)).text();
      expect(metrics).toContain('quote_events_total');
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
      redis.kill('SIGKILL');
    }
  });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
