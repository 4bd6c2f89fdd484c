import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface RunningProcess {
  readonly parentPid: number;
  readonly commandLine: string;
}

/** Looks at a process by its id; undefined when there is none, or only its remains. */
export async function findProcess(pid: number): Promise<RunningProcess | undefined> {
  try {
    if (platform() === 'linux') {
      const [stat, commandLine] = await Promise.all([
        readFile(`/proc/${String(pid)}/stat`, 'utf8'),
        readFile(`/proc/${String(pid)}/cmdline`, 'utf8'),
      ]);
      // The second field is the command's name in brackets, which may hold anything.
      const [state, parentPid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z' || state === 'X') return undefined;
      return { parentPid: Number(parentPid), commandLine: commandLine.replaceAll('\0', ' ') };
    }
    const { stdout } = await run('ps', ['-ww', '-o', 'ppid=,state=,command=', '-p', String(pid)]);
    const match = /^\s*(\d+)\s+(\S+)\s+(.*)$/s.exec(stdout);
    if (match?.[2] === undefined || match[2].startsWith('Z')) return undefined;
    return { parentPid: Number(match[1]), commandLine: match[3] ?? '' };
  } catch {
    // No such process: /proc has no folder, ps ends with 1.
    return undefined;
  }
}

/** Sends a signal; a process that is gone already is no error. */
export async function signalProcess(pid: number, signal: 'INT' | 'QUIT' | 'KILL'): Promise<void> {
  await run('sh', ['-c', 'kill -"$1" "$2" 2>/dev/null || :', 'sh', signal, String(pid)]);
}
