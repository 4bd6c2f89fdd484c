import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface PidFile {
  readonly pid: number;
  readonly port: number;
  /** "starting", "ready", "stopping" or "standby", as `pg_ctl` reads it. */
  readonly status: string;
}

/** Path of the file in which a running server writes its process id, its port and its state. */
export function pidFilePath(cluster: string): string {
  return join(cluster, 'postmaster.pid');
}

/**
 * Reads postmaster.pid: process id in line 1, port in line 4, state in line 8. Undefined where there is none, or none whole yet.
 * @see src/include/utils/pidfile.h of PostgreSQL
 */
export async function readPidFile(cluster: string): Promise<PidFile | undefined> {
  const text = await readFile(pidFilePath(cluster), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() };
}
