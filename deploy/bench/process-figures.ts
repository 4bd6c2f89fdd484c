import { readdirSync, readFileSync } from 'node:fs';

/** What processes have used so far, together. */
export interface ProcessFigures {
  /** Milliseconds of CPU, in user and system mode. */
  readonly cpuMs: number;
  /** Resident memory in bytes. Pages that processes share are counted in each. */
  readonly rssBytes: number;
}

/** Linux's clock of process times, the same on every machine of today: 100 ticks a second. */
const tickMs = 10;

/** Reads the figures of processes and of all that descend from them, from /proc. Those that have ended count as nothing. */
export function readProcessFigures(pids: readonly number[]): ProcessFigures {
  const children = new Map<number, number[]>();
  const facts = new Map<number, ProcessFigures>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? readStat(pid) : undefined;
    if (stat === undefined) continue;
    facts.set(pid, stat.figures);
    children.set(stat.parent, [...(children.get(stat.parent) ?? []), pid]);
  }
  let [cpuMs, rssBytes] = [0, 0];
  const waiting = [...pids];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    cpuMs += facts.get(pid)?.cpuMs ?? 0;
    rssBytes += facts.get(pid)?.rssBytes ?? 0;
    waiting.push(...(children.get(pid) ?? []));
  }
  return { cpuMs, rssBytes };
}

/** @see proc_pid_stat(5): fields 4 (parent), 14 and 15 (ticks), 24 (pages) */
function readStat(pid: number): { parent: number; figures: ProcessFigures } | undefined {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The name in field 2 may hold spaces and brackets; what follows its last bracket does not.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const at = (field: number): number => Number(fields[field - 3]);
    return { parent: at(4), figures: { cpuMs: (at(14) + at(15)) * tickMs, rssBytes: at(24) * 4_096 } };
  } catch {
    // It ended while we looked.
    return undefined;
  }
}
