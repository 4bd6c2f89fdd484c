import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const readyMs = 60_000;
const stopMs = 20_000;
const outputMax = 20_000;

/** A program of this repository, as a process of its own. */
export interface StartedProcess {
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a script under this very Node, and waits until `readyUrl` answers 200. @throws Error with its output when it ends before. */
export async function startProcess(options: {
  script: string;
  env: Readonly<Record<string, string>>;
  readyUrl: string;
  nodeArgs?: readonly string[];
}): Promise<StartedProcess> {
  const { script, env, readyUrl, nodeArgs = [] } = options;
  const child = spawn(process.execPath, [...nodeArgs, script], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-outputMax)));
  }
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const end = performance.now() + readyMs;
  while (!(await answers(readyUrl))) {
    if (hasEnded() || performance.now() > end) {
      kill();
      throw new Error(`${script} did not become ready:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    pid: child.pid ?? 0,
    async stop() {
      process.off('exit', kill);
      if (hasEnded()) return;
      const ended = once(child, 'exit');
      const timer = setTimeout(kill, stopMs);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
}

/** Finds a port of this machine that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}
