// Measures what the system adds to a model's own time: `make bench`. Writes docs/performance.md; takes about four minutes.
//
//   node deploy/bench/main.ts [--seconds 5] [--rounds 3] [--latency 20] [--dry]
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { percentile, runLoad } from './load.ts';
import { readProcessFigures } from './process-figures.ts';
import { marks, withReport } from './report.ts';
import type { Report, Row } from './report.ts';
import { directTarget, startSeparateTargets, startSimulator, startStandaloneTarget } from './targets.ts';
import type { Target } from './targets.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    latency: { type: 'string', default: '20' },
    dry: { type: 'boolean', default: false },
  },
});
const [seconds, rounds, latencyMs] = [Number(values.seconds), Number(values.rounds), Number(values.latency)];
const callerCounts = [1, 32];
const mostCallers = Math.max(...callerCounts);
/** Long enough for the compiler of the engine to have met all that is called often. */
const warmUpSeconds = 12;

const simulator = await startSimulator(latencyMs);
const standalone = await startStandaloneTarget(simulator.url, mostCallers);
const separate = await startSeparateTargets(simulator.url, mostCallers);
try {
  const targets = [directTarget(simulator.url), ...(separate?.targets ?? []), standalone];
  for (const target of targets) await runLoad(target.call, { callers: mostCallers, seconds: warmUpSeconds });
  const rows: Row[] = [];
  for (const callers of callerCounts) rows.push(...(await measure(targets, callers)));
  const report: Report = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${String(cpus().length)} cores, ${String(Math.round(totalmem() / 2 ** 30))} GiB, Node ${process.versions.node}`,
    latencyMs,
    rounds,
    secondsPerRound: seconds,
    rows,
    notes: separate === undefined ? ['Not measured here: a process a service, for want of a redis-server.'] : [],
  };
  const path = join(import.meta.dirname, '../../docs/performance.md');
  const page = withReport(readFileSync(path, 'utf8'), report);
  if (!values.dry) writeFileSync(path, page);
  console.log(page.slice(page.indexOf('| | callers'), page.indexOf(marks.end)));
} finally {
  await separate?.stop();
  await standalone.stop();
  await simulator.stop();
}

/** Rounds go around the targets, so that whatever else this machine does falls on all of them. */
async function measure(targets: readonly Target[], callers: number): Promise<Row[]> {
  const sums = targets.map(() => ({ latenciesMs: [] as number[], failures: 0, seconds: 0, cpuMs: 0, rssBytes: 0 }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, target] of targets.entries()) {
      const pids = Object.values(target.pids);
      const before = readProcessFigures(pids);
      const result = await runLoad(target.call, { callers, seconds });
      const after = readProcessFigures(pids);
      const sum = sums[index];
      if (sum === undefined) continue;
      sum.latenciesMs.push(...result.latenciesMs);
      sum.failures += result.failures;
      if (result.firstFailure !== undefined) console.error(`${target.name}: ${result.firstFailure}`);
      sum.seconds += result.seconds;
      sum.cpuMs += after.cpuMs - before.cpuMs;
      sum.rssBytes = Math.max(sum.rssBytes, after.rssBytes);
    }
  }
  return targets.map(({ name, pids }, index) => {
    const { latenciesMs = [], failures = 0, seconds: took = 1, cpuMs = 0, rssBytes = 0 } = sums[index] ?? {};
    const sorted = latenciesMs.toSorted((a, b) => a - b);
    const isOurs = Object.keys(pids).length > 0;
    return {
      name,
      callers,
      calls: sorted.length,
      failures,
      p50Ms: percentile(sorted, 0.5),
      p99Ms: percentile(sorted, 0.99),
      perSecond: sorted.length / took,
      cpuMsPerCall: isOurs ? cpuMs / Math.max(1, sorted.length) : undefined,
      rssBytes: isOurs ? rssBytes : undefined,
    };
  });
}
