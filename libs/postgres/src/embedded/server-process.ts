import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresBinaries } from './binaries.ts';
import { childEnv } from './child-env.ts';
import { readPidFile } from './pid-file.ts';
import type { RunAs } from './run-as.ts';
import { serverSettings } from './settings.ts';
import { watchdogName, watchdogScript } from './watchdog.ts';

export interface ServerProcess {
  /** Resolves when the server takes connections; rejects with its last words when it ended instead. */
  ready(): Promise<void>;
  /** Asks for a fast shutdown and resolves when the server is gone: within 5.5 s, by force if need be. */
  stop(): Promise<void>;
}

export interface ServerProcessOptions {
  readonly binaries: PostgresBinaries;
  readonly runAs: RunAs;
  readonly cluster: string;
  readonly port: number;
  /** False leaves fsync out: for tests, whose data nobody needs after a crash. */
  readonly durable: boolean;
  onLine(line: string): void;
  onUnexpectedExit(lastLines: readonly string[]): void;
}

// Crash recovery replays at most max_wal_size; a slow disk may take its time.
const readyTimeoutMs = 120_000;
const lastLinesMax = 20;

/** Starts the server under its watchdog, in a session of its own: Ctrl-C of the terminal reaches us, not it. */
export function startServerProcess(options: ServerProcessOptions): ServerProcess {
  const { binaries, runAs, cluster, port } = options;
  const command = [...runAs.prefix, binaries.postgres, '-D', cluster, '-p', String(port), ...serverSettings(options.durable)];
  const child = spawn('sh', ['-c', watchdogScript, watchdogName, ...command], {
    ...runAs.ids,
    cwd: '/',
    detached: true,
    env: childEnv(binaries),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > lastLinesMax) lines.shift();
    options.onLine(line);
  });

  let stopping = false;
  let ended = false;
  const exit = new Promise<void>((resolve) => {
    const end = (): void => {
      ended = true;
      resolve();
    };
    child.on('error', end);
    // 'close' rather than 'exit': by then its last words have been read.
    child.on('close', end);
  });
  // The pipe may be gone before we close it.
  child.stdin.on('error', () => undefined);
  setReferenced(child, false);

  return {
    async ready() {
      const end = performance.now() + readyTimeoutMs;
      for (;;) {
        const state = await readPidFile(cluster);
        if (state?.status === 'ready' && state.port === port) break;
        if (ended || performance.now() > end) throw new Error(`the embedded Postgres did not start: ${lines.slice(-3).join(' | ')}`);
        await Promise.race([exit, sleep(10)]);
      }
      void exit.then(() => {
        if (!stopping) options.onUnexpectedExit(lines);
      });
    },
    async stop() {
      stopping = true;
      setReferenced(child, true);
      child.stdin.end();
      await exit;
    },
  };
}

/** A process that forgets to stop us may end all the same: the watchdog sees to the server. */
function setReferenced(child: ChildProcess, referenced: boolean): void {
  const handles = [child, child.stdin, child.stderr] as unknown as { ref?(): void; unref?(): void }[];
  for (const handle of handles) {
    if (referenced) handle.ref?.();
    else handle.unref?.();
  }
}
