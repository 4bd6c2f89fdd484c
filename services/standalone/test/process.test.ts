import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@quotemaster/testkit/wait-until';
import { login, register } from './api.ts';
import { freePorts, startStandaloneProcess } from './standalone-process.ts';
import type { StandaloneProcess } from './standalone-process.ts';

describe('the process that make run starts', () => {
  let folder: string;
  let dataDir: string;
  const running: StandaloneProcess[] = [];

  async function start(env?: Record<string, string>, dir = dataDir): Promise<StandaloneProcess> {
    const system = await startStandaloneProcess(dir, env);
    running.push(system);
    return system;
  }
  // Whatever names the data folder on its command line belongs to this test.
  const leftBehind = (): string => {
    try {
      return execFileSync('pgrep', ['-af', folder], { encoding: 'utf8' });
    } catch {
      return '';
    }
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'qm-standalone-'));
    dataDir = join(folder, 'data');
  });
  afterEach(async () => {
    for (const system of running.splice(0)) await system.end('SIGKILL');
    // A killed one leaves its Postgres to end by itself; until it has, the folder is still written to.
    await waitUntil('its processes have ended', () => leftBehind() === '', { timeoutMs: 10_000 });
    await rm(folder, { recursive: true, force: true });
  });

  it('stops all within 5 s of Ctrl-C, with exit code 0 and no process left', async () => {
    const system = await start();
    await system.ready();
    const { code, tookMs } = await system.end('SIGINT');
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(5_000);
    expect(leftBehind()).toBe('');
  }, 60_000);

  it('loses nothing to kill -9', async () => {
    const first = await start();
    await first.ready();
    const ada = await register(first.url, 'ada@example.org');
    const { body: quote } = await ada.call('POST', '/v1/quotes', { text: 'What was answered was kept.' });
    await first.end('SIGKILL');

    const second = await start();
    await second.ready();
    const again = await login(second.url, 'ada@example.org');
    expect((await again.call('GET', `/v1/quotes/${quote.id}`)).body).toEqual(quote);
    // The token of before still opens: keys are kept, and so are sessions.
    const response = await fetch(`${second.url}/v1/users/me`, { headers: { authorization: `Bearer ${ada.accessToken}` } });
    expect(response.status).toBe(200);
  }, 90_000);

  it('runs in a folder that only its owner may enter', async () => {
    await mkdir(join(folder, 'closed'), { mode: 0o700 });
    await chmod(folder, 0o700);
    const system = await start({}, join(folder, 'closed', 'data'));
    await system.ready();
    expect((await fetch(`${system.url}/readyz`)).status).toBe(200);
  }, 60_000);

  async function refusal(env: Record<string, string>, dir?: string): Promise<{ code: number | null; lines: string[] }> {
    const system = await start(env, dir);
    await expect(system.ready()).rejects.toThrow('ended with 78');
    return { code: system.child.exitCode, lines: system.output().trim().split('\n') };
  }

  it.each(['QM_HTTP_PORT', 'QM_ADMIN_PORT'])(
    'says in one line that the port of %s is in use and exits with 78',
    async (variable) => {
      const [port] = await freePorts(1);
      const server = createServer().listen(port, '127.0.0.1');
      try {
        const { code, lines } = await refusal({ [variable]: String(port) });
        expect(code).toBe(78);
        expect(lines).toEqual([expect.stringContaining(variable)]);
        expect(lines[0]).toContain(String(port));
      } finally {
        server.close();
      }
      expect(leftBehind()).toBe('');
    },
    60_000,
  );

  it('names every bad variable, a line each, and exits with 78', async () => {
    const { lines } = await refusal({ QM_HTTP_PORT: 'eighty', QM_LOG_LEVEL: 'loud' });
    expect(lines).toEqual([expect.stringContaining('QM_HTTP_PORT'), expect.stringContaining('QM_LOG_LEVEL')]);
  }, 60_000);

  it('refuses production, whose needs it does not meet', async () => {
    const { lines } = await refusal({ QM_ENV: 'production' });
    expect(lines.join('\n')).toContain('QM_ENV');
  }, 60_000);

  it.each([
    ['below a file', () => join(folder, 'file', 'data')],
    ['where nothing can be made', () => '/proc/quotemaster/data'],
  ])(
    'says in one line that a data folder %s can not be used',
    async (_, path) => {
      await writeFile(join(folder, 'file'), 'not a folder');
      const { lines } = await refusal({}, path());
      expect(lines).toEqual([expect.stringContaining('QM_DATA_DIR')]);
    },
    60_000,
  );

  it('refuses a data folder that another one is using', async () => {
    const first = await start();
    await first.ready();
    const { lines } = await refusal({});
    expect(lines).toEqual([expect.stringContaining('QM_DATA_DIR')]);
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  }, 60_000);
});
