import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError, Secret } from '@quotemaster/config';
import { createMemoryLog } from '@quotemaster/testkit/memory-log';
import { waitUntil } from '@quotemaster/testkit/wait-until';
import pg from 'pg';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../index.ts';
import type { EmbeddedPostgres } from '../index.ts';
import { readPidFile } from './pid-file.ts';
import { findProcess } from './processes.ts';

let template: string;
let dataDir: string;
const servers: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];
beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'quotemaster-embedded-'));
  const { logger } = createMemoryLog();
  await (await startEmbeddedPostgres({ dataDir: template, logger })).stop();
});
afterAll(() => rm(template, { recursive: true }));
beforeEach(async () => {
  // Mode 0700, as a clone under /root is: for root the server must get through it as another user.
  dataDir = await mkdtemp(join(tmpdir(), 'quotemaster-embedded-'));
  await promisify(execFile)('cp', ['-R', join(template, 'postgres'), cluster()]);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  const left = await serverPid();
  if (left !== undefined) await waitUntil('the server is gone', async () => (await findProcess(left)) === undefined);
  await rm(dataDir, { recursive: true, force: true });
});

const cluster = (): string => join(dataDir, 'postgres');
const serverPid = async (): Promise<number | undefined> => (await readPidFile(cluster()))?.pid;
const gone = (pid: number) => async (): Promise<boolean> => (await findProcess(pid)) === undefined;

async function start(options: { port?: number } = {}): Promise<EmbeddedPostgres & { log: ReturnType<typeof createMemoryLog> }> {
  const log = createMemoryLog();
  const server = await startEmbeddedPostgres({ dataDir, logger: log.logger, ...options });
  servers.push(server);
  return { ...server, log };
}

/** Starts a server in a process of its own, which can be killed. */
async function startChild(): Promise<{ child: ChildProcess; adminUrl: Secret }> {
  const script = join(import.meta.dirname, '../../test/embedded-child.ts');
  const child = spawn(process.execPath, [script, dataDir], {
    env: { PATH: process.env['PATH'], OPENAI_API_KEY: 'sk-private' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  children.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, adminUrl: new Secret(line) };
}

async function query(url: Secret, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url.reveal() });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const write = (url: Secret): Promise<unknown> => query(url, "CREATE TABLE kept AS SELECT 'kept' AS word");
const expectKept = async (url: Secret): Promise<void> =>
  expect((await query(url, 'SELECT word FROM kept')).rows).toEqual([{ word: 'kept' }]);
const faultOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('the embedded server', () => {
  it('keeps its data over a stop and a start, and leaves no process behind', async () => {
    const first = await start();
    await write(first.adminUrl);
    const pid = (await serverPid())!;
    await first.stop();
    await first.stop();
    expect(await findProcess(pid)).toBeUndefined();
    await expectKept((await start()).adminUrl);
  });

  it('listens on the loopback alone and lets nobody in without the password, which only its user can read', async () => {
    const { adminUrl } = await start();
    const { rows } = await query(
      adminUrl,
      "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'listen_addresses', 'unix_socket_directories') ORDER BY name",
    );
    expect(rows.map((row: { setting: string }) => row.setting)).toEqual(['on', '127.0.0.1', '']);
    const wrong = new URL(adminUrl.reveal());
    wrong.password = 'guess';
    await expect(query(new Secret(wrong.href), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(join(cluster(), 'quotemaster.password'))).mode & 0o777).toBe(0o600);
    expect((await stat(cluster())).mode & 0o777).toBe(0o700);
  });

  it('gives each service a password of its own', async () => {
    const server = await start();
    const passwordOf = (service: string): string => new URL(server.appUrl(service).reveal()).password;
    expect(passwordOf('quote')).toBe(passwordOf('quote'));
    expect(new Set([passwordOf('quote'), passwordOf('user'), new URL(server.adminUrl.reveal()).password]).size).toBe(3);
  });

  it('is found by another process while it runs, and only then', async () => {
    const server = await start();
    expect((await findEmbeddedPostgres(dataDir))?.adminUrl.reveal()).toBe(server.adminUrl.reveal());
    await server.stop();
    expect(await findEmbeddedPostgres(dataDir)).toBeUndefined();
  });

  it('says in the log when it ends without having been asked', async () => {
    const server = await start();
    process.kill((await serverPid())!, 'SIGKILL');
    await waitUntil('the log says so', () => server.log.text().includes('the embedded Postgres ended unexpectedly'));
  });

  it('makes its cluster at the first start, past what a killed first start left', async () => {
    await rm(cluster(), { recursive: true });
    await mkdir(join(dataDir, 'postgres-draft-abc/data'), { recursive: true });
    await utimes(join(dataDir, 'postgres-draft-abc'), 0, 0);
    const server = await start();
    await query(server.adminUrl, 'SELECT 1');
    expect(await readdir(dataDir)).toEqual(['postgres']);
  });
});

describe('after kill -9', () => {
  it('of our process the server ends by itself, and the next start has everything', async () => {
    const { child, adminUrl } = await startChild();
    await write(adminUrl);
    const pid = (await serverPid())!;
    child.kill('SIGKILL');
    await waitUntil('the server has ended', gone(pid));
    await expectKept((await start()).adminUrl);
  }, 30_000);

  it('of our process a start at once waits for the old server', async () => {
    const { child, adminUrl } = await startChild();
    await write(adminUrl);
    child.kill('SIGKILL');
    await expectKept((await start()).adminUrl);
  }, 30_000);

  it('of the server the next start recovers', async () => {
    const server = await start();
    await write(server.adminUrl);
    process.kill((await serverPid())!, 'SIGKILL');
    await server.stop();
    await expectKept((await start()).adminUrl);
  });

  it('of our process and the watchdog the next start ends the orphan first', async () => {
    const { child, adminUrl } = await startChild();
    await write(adminUrl);
    const pid = (await serverPid())!;
    const watchdog = (await findProcess(pid))!.parentPid;
    for (const one of await sameGroup(watchdog, pid)) process.kill(one, 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await findProcess(pid)).toBeDefined();
    const next = await start();
    expect(await findProcess(pid)).toBeUndefined();
    await expectKept(next.adminUrl);
  }, 30_000);

  it('of the server’s first process alone, at once, the next start waits for its children', async () => {
    const { child, adminUrl } = await startChild();
    await write(adminUrl);
    const busy = query(adminUrl, 'SELECT count(*) FROM generate_series(1, 20000000)');
    const running = async (): Promise<boolean> =>
      (await query(adminUrl, "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%generate%' AND pid <> pg_backend_pid()")).rows.length > 0;
    await waitUntil('a statement runs', running);
    process.kill((await serverPid())!, 'SIGKILL');
    child.kill('SIGKILL');
    await expectKept((await start()).adminUrl);
    await Promise.allSettled([busy]);
  }, 30_000);

  it('a postmaster.pid whose number now belongs to another process is no obstacle, and that process lives', async () => {
    const first = await start();
    await write(first.adminUrl);
    await first.stop();
    await writeFile(join(cluster(), 'postmaster.pid'), `${String(process.pid)}\n${cluster()}\n1\n5432\n\n127.0.0.1\n\nready   \n`);
    await expectKept((await start()).adminUrl);
  });
});

describe('Ctrl-C', () => {
  it('of the terminal reaches our process and not the server', async () => {
    const { child, adminUrl } = await startChild();
    const heard = once(createInterface({ input: child.stdout! }), 'line');
    process.kill(-child.pid!, 'SIGINT');
    expect(await heard).toEqual(['interrupted']);
    expect((await query(adminUrl, 'SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  }, 30_000);
});

describe('a data folder', () => {
  it('in use by another process is refused, by whatever name it is called, and that process goes on', async () => {
    const { adminUrl } = await startChild();
    const fault = await faultOf(start());
    expect(fault).toBeInstanceOf(ConfigError);
    expect(String(fault)).toMatch(/QM_DATA_DIR: expected a folder that no other process uses, found .* in use by process \d+/);
    const link = `${dataDir}-link`;
    await symlink(dataDir, link);
    const { logger } = createMemoryLog();
    const linked = await faultOf(startEmbeddedPostgres({ dataDir: link, logger }));
    await rm(link);
    expect(String(linked)).toContain('in use by process');
    await query(adminUrl, 'SELECT 1');
  }, 30_000);

  it('that can not be written is refused in one line that names QM_DATA_DIR', async () => {
    const file = join(dataDir, 'file');
    await writeFile(file, '');
    const { logger } = createMemoryLog();
    const fault = await faultOf(startEmbeddedPostgres({ dataDir: join(file, 'below'), logger }));
    expect(fault).toBeInstanceOf(ConfigError);
    expect((fault as ConfigError).message).toMatch(/^QM_DATA_DIR: expected a folder that this user may write, found "[^\n]*" \(ENOTDIR\)$/);
  });

  it('of another major version is refused', async () => {
    const server = await start();
    await server.stop();
    await writeFile(join(cluster(), 'PG_VERSION'), '17\n');
    expect(String(await faultOf(start()))).toMatch(
      /QM_DATA_DIR: expected a folder whose database was made by PostgreSQL 18, found .* with PostgreSQL 17/,
    );
  });

  it('that holds something else under our name is refused', async () => {
    await rm(cluster(), { recursive: true });
    await mkdir(cluster());
    await writeFile(join(cluster(), 'holiday.txt'), 'mine');
    expect(String(await faultOf(start()))).toContain('no database of ours');
  });
});

const onLinux = platform() === 'linux' ? it : it.skip;
if (platform() !== 'linux') console.log('Skipped: the environment of another process can be read on Linux only.');
onLinux('the server inherits nothing of our environment', async () => {
  await startChild();
  const environment = await readFile(`/proc/${String(await serverPid())}/environ`, 'utf8');
  expect(environment).toContain('LC_ALL=C');
  expect(environment).not.toContain('sk-private');
});

/** The processes of the watchdog's shells: all of its session but the server's own. */
async function sameGroup(watchdog: number, server: number): Promise<number[]> {
  const numbers = platform() === 'linux' ? (await readdir('/proc')).map(Number).filter((pid) => pid > 0) : [watchdog];
  const found = await Promise.all(numbers.map(async (pid) => ({ pid, process: await findProcess(pid) })));
  return found.filter(({ pid, process }) => pid === watchdog || (process?.parentPid === watchdog && pid !== server)).map(({ pid }) => pid);
}
