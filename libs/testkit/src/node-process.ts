import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const readyMaxMs = 60_000;
const stopMaxMs = 40_000;
const outputMax = 200_000;

/** A program of this repository, as a process of its own. */
export interface NodeProcess {
  readonly pid: number;
  /** The last 200,000 characters that it printed. */
  output(): string;
  hasEnded(): boolean;
  /** Sends a signal and waits for the end; after 40 s it is killed. Gives the exit code, null where a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Waits for its own end. */
  ended(): Promise<number | null>;
}

export interface NodeProcessOptions {
  /** From the root of the repository. */
  readonly script: string;
  readonly args?: readonly string[];
  /** All of its environment, beside PATH and HOME. */
  readonly env: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
}

/** The child holds the other end of this pipe, and ends when it closes: no process outlives whoever started it, however that ended. */
const endWithParent = `data:text/javascript,${encodeURIComponent(
  "import{Socket}from'node:net';const s=new Socket({fd:3});for(const e of['close','error'])s.on(e,()=>process.exit(1));s.resume().unref()",
)}`;

/** Starts a script under this very Node. */
export function startNodeProcess({ script, args = [], env, nodeArgs = [] }: NodeProcessOptions): NodeProcess {
  const child = spawn(process.execPath, ['--import', endWithParent, ...nodeArgs, script, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-outputMax)));
  }
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const ended = async (): Promise<number | null> => {
    if (!hasEnded()) await once(child, 'close');
    return child.exitCode;
  };
  return {
    pid: child.pid ?? 0,
    output: () => output,
    hasEnded,
    ended,
    async end(signal) {
      if (hasEnded()) return child.exitCode;
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMaxMs);
      child.kill(signal);
      await ended();
      clearTimeout(timer);
      return child.exitCode;
    },
  };
}

/** Waits until a process answers 200 at `url`. @throws Error with its output when it ends before, or after a minute. */
export async function untilReady(started: NodeProcess, url: string): Promise<void> {
  const end = performance.now() + readyMaxMs;
  while (!(await isReady(url))) {
    if (started.hasEnded() || performance.now() > end) {
      await started.end('SIGKILL');
      throw new Error(`the process did not become ready at ${url}:\n${started.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isReady(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
}

/** Finds ports of this machine that are free now. */
export async function findFreePorts(count: number): Promise<number[]> {
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
