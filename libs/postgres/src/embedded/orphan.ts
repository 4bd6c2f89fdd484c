import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '@quotemaster/config';
import { pidFilePath, readPidFile } from './pid-file.ts';
import { findProcess, signalProcess } from './processes.ts';
import { watchdogName } from './watchdog.ts';

const noticeMs = 1_500;
// Above the largest that Linux (2^22) and macOS (99,999) give.
const unusedPid = 2_147_483_646;

/**
 * Clears what a killed process left in a cluster: a server that still runs, a stale postmaster.pid.
 *
 * A server is ours only if postmaster.pid names it and its command line names this very folder. One whose watchdog lives
 * belongs to a running process, unless it is stopping already.
 * @throws ConfigError when another process of ours uses the folder.
 */
export async function clearOrphan(cluster: string): Promise<void> {
  const left = await readPidFile(cluster);
  if (left === undefined || (await findProcess(left.pid)) === undefined) return;
  if (await isOurs(left.pid, cluster)) {
    if ((await hasWatchdog(left.pid)) && !(await isEnding(left.pid, cluster))) {
      throw new ConfigError([
        {
          variable: 'QM_DATA_DIR',
          expected: 'a folder that no other process uses',
          found: `${JSON.stringify(cluster)}, in use by process ${String(left.pid)}`,
        },
      ]);
    }
    for (const [signal, waitMs] of [
      ['INT', 5_000],
      ['QUIT', 2_000],
      ['KILL', 2_000],
    ] as const) {
      await signalProcess(left.pid, signal);
      if (await waitFor(async () => !(await isOurs(left.pid, cluster)), waitMs)) break;
    }
    return;
  }
  await disownPid(cluster);
}

/**
 * Puts a number that no process has into a postmaster.pid whose number went to a stranger: Postgres would refuse to start.
 * The rest stays: by it Postgres finds out whether children of the old server still write here.
 */
async function disownPid(cluster: string): Promise<void> {
  const path = pidFilePath(cluster);
  const [, ...rest] = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, [String(unusedPid), ...rest].join('\n'));
}

/** Tells whether the process of this id is the server of this very folder. */
export async function isOurs(pid: number, cluster: string): Promise<boolean> {
  const found = await findProcess(pid);
  return found?.commandLine.includes(` -D ${cluster} `) === true && found.commandLine.includes('postgres');
}

async function hasWatchdog(pid: number): Promise<boolean> {
  const server = await findProcess(pid);
  const parent = server === undefined ? undefined : await findProcess(server.parentPid);
  return parent?.commandLine.includes(watchdogName) === true;
}

/** A watchdog whose process died stops its server at once; it gets a moment to notice. */
async function isEnding(pid: number, cluster: string): Promise<boolean> {
  return waitFor(async () => {
    const state = await readPidFile(cluster);
    return state?.pid !== pid || state.status === 'stopping' || !(await isOurs(pid, cluster));
  }, noticeMs);
}

async function waitFor(condition: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= end) return false;
    await sleep(20);
  }
}
