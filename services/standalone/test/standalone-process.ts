import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** Standalone as `make run` starts it: a process of its own. */
export interface StandaloneProcess {
  readonly child: ChildProcess;
  readonly url: string;
  readonly adminUrl: string;
  /** Everything it printed so far. */
  output(): string;
  /** Resolves when it said that it is ready; rejects when it ended before. */
  ready(): Promise<void>;
  /** Sends a signal and resolves with the exit code (null when the signal itself ended it) and the time it took. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; tookMs: number }>;
}

/** Starts standalone on free ports with its data in `dataDir`. */
export async function startStandaloneProcess(dataDir: string, env: Record<string, string> = {}): Promise<StandaloneProcess> {
  const [httpPort, adminPort] = await freePorts(2);
  const child = spawn(process.execPath, ['--import', '@quotemaster/observe/register', 'services/standalone/src/main.ts'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'] ?? '',
      QM_DATA_DIR: dataDir,
      QM_HTTP_PORT: String(httpPort),
      QM_ADMIN_PORT: String(adminPort),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return {
    child,
    url: `http://127.0.0.1:${String(httpPort)}`,
    adminUrl: `http://127.0.0.1:${String(adminPort)}`,
    output: () => output,
    ready: () =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (output.includes('Quote Master Pro is ready')) resolve();
        };
        child.stdout.on('data', look);
        child.once('exit', (code) => reject(new Error(`ended with ${String(code)} before it was ready:\n${output}`)));
        look();
      }),
    async end(signal) {
      const startedAt = performance.now();
      if (child.exitCode === null && child.signalCode === null) {
        const exit = once(child, 'exit');
        child.kill(signal);
        await exit;
      }
      return { code: child.exitCode, tookMs: performance.now() - startedAt };
    },
  };
}

/** Finds ports that are free now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
