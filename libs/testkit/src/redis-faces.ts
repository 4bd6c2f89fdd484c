import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Secret } from '@quotemaster/config';
import { createMetrics } from '@quotemaster/observe';
import type { Metrics } from '@quotemaster/observe';
import { createRedis, createRedisTwin } from '@quotemaster/redis';
import type { RedisFace, RedisOptions } from '@quotemaster/redis';
import { createMemoryLog } from './memory-log.ts';
import type { MemoryLog } from './memory-log.ts';
import { waitUntil } from './wait-until.ts';

/** One way to have what Redis gives: the suite of a capability runs on each. */
export interface RedisKind {
  readonly name: 'twin' | 'redis';
  /** What its faces log and count. */
  readonly log: MemoryLog;
  readonly metrics: Metrics;
  /** Gives a face that is started. All faces of one kind share their data. */
  create(clock: { now(): number; monotonic(): number }): Promise<RedisFace>;
  stop(): Promise<void>;
}

/** A redis-server of a test's own. */
export interface TestRedisServer {
  readonly port: number;
  options(overrides?: Partial<RedisOptions>): RedisOptions;
  /** Stops and continues the process, as a machine that hangs. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Ends the process at once; `start` brings it back with what its append-only file holds. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Lists the kinds that this machine can serve; says so in one line when a real server is not among them. */
export function redisFaces(): readonly RedisKind[] {
  if (hasRedisServer()) return [twinKind(), serverKind()];
  process.stderr.write('skipped: the Redis suites ran on the in-process twin alone, as there is no redis-server on PATH\n');
  return [twinKind()];
}

/** Tells whether a redis-server can be started here. */
export function hasRedisServer(): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'redis-server')));
}

/** Starts a redis-server on a free port, durable in a folder of its own. */
export async function startTestRedisServer(extra: readonly string[] = []): Promise<TestRedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'qm-redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const settings = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'yes',
      '--appendfsync',
      'always',
    ];
    // The shell ends the server when this process is gone, however it went: its standard input closes.
    child = spawn(
      'sh',
      [
        '-c',
        'redis-server "$@" >/dev/null 2>&1 & server=$!; (read -r _; kill -9 $server) <&3 & wait $server',
        'redis',
        ...settings,
        ...extra,
      ],
      {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
        detached: true,
      },
    );
    await waitUntil('redis-server answers', () => canConnect(port), { timeoutMs: 10_000 });
  }
  const toGroup = (signal: NodeJS.Signals): void => {
    if (child?.pid !== undefined && child.exitCode === null) process.kill(-child.pid, signal);
  };
  async function kill(): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    toGroup('SIGKILL');
    await exit;
  }

  await start();
  return {
    port,
    options: (overrides) => ({
      url: new Secret(`redis://127.0.0.1:${String(port)}`),
      clusterNodes: [],
      username: undefined,
      password: undefined,
      tls: false,
      // Wide, because a machine under test is slow; suites about the time-out set their own.
      commandTimeoutMs: 2_000,
      logger: createMemoryLog().logger,
      metrics: createMetrics({ service: 'test' }),
      ...overrides,
    }),
    signal: toGroup,
    kill,
    start,
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Tries follow each other quickly, as a test waits for all of them. */
const retryDelayMs = 5;

function twinKind(): RedisKind {
  const [log, metrics] = [createMemoryLog(), createMetrics({ service: 'test' })];
  let face: RedisFace | undefined;
  return {
    name: 'twin',
    log,
    metrics,
    create: async (clock) => {
      face ??= createRedisTwin({ clock, logger: log.logger, metrics, retryDelayMs });
      await face.start();
      return face;
    },
    stop: async () => {
      await face?.stop();
      face = undefined;
    },
  };
}

function serverKind(): RedisKind {
  const [log, metrics] = [createMemoryLog(), createMetrics({ service: 'test' })];
  let server: Promise<TestRedisServer> | undefined;
  const faces: RedisFace[] = [];
  return {
    name: 'redis',
    log,
    metrics,
    create: async (clock) => {
      const running = await (server ??= startTestRedisServer());
      const face = createRedis(
        running.options({ limiterNow: () => clock.now(), abandonedMs: 400, retryDelayMs, logger: log.logger, metrics }),
      );
      await face.start();
      faces.push(face);
      return face;
    },
    stop: async () => {
      for (const face of faces.splice(0)) await face.stop();
      await (await server)?.stop();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
