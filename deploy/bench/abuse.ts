// Measures what one caller at 50 times their limit does to all others: `make bench` runs it. Writes its part of docs/performance.md; takes two minutes.
//
//   node deploy/bench/abuse.ts [--seconds 6] [--rounds 6] [--dry]
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { findFreePorts, startNodeProcess, untilReady } from '@quotemaster/testkit/node-process';
import { hasRedisServer } from '@quotemaster/testkit/redis-faces';
import type { AbuserOrders } from './abuser.ts';
import { call, startEdgeSystem } from './edge-system.ts';
import { percentile } from './load.ts';
import { readProcessFigures } from './process-figures.ts';
import { atRate, emptyTally } from './rate.ts';
import type { Tally } from './rate.ts';
import { withSection } from './report.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '6' },
    dry: { type: 'boolean', default: false },
  },
});
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
const marks = { begin: '<!-- bench abuse -->', end: '<!-- /bench abuse -->' };
/** The limit as it is where nobody sets another. */
const limitPerMinute = 600;
const abuse = { perSecond: (50 * limitPerMinute) / 60 };
const others = { people: 20, perSecond: 100 };

if (!hasRedisServer()) {
  console.log('skipped: the bench of abuse, as there is no redis-server on PATH');
  process.exit(0);
}
const system = await startEdgeSystem();
const [barePort = 0] = await findFreePorts(1);
const bare = startNodeProcess({ script: 'deploy/bench/bare-server.ts', args: ['node'], env: { PORT: String(barePort) } });
const bareUrl = `http://127.0.0.1:${String(barePort)}`;
await untilReady(bare, bareUrl);
const path = '/v1/quotes/01995f3e-8c1a-7d2e-9b4f-3a6c1d8e5f70';
const read = (person: number): ReturnType<typeof call> =>
  call(system.url + path, { headers: { authorization: `Bearer ${system.tokens[person] ?? ''}` } });

try {
  const calm = emptyTally();
  const besideOther = emptyTally();
  const besideAbuse = emptyTally();
  const abuser = emptyTally();
  // The first seconds are the compiler's; the abuser has used up their limit by then.
  await Promise.all([
    atRate(others.perSecond, 4, (index) => read(index % others.people), emptyTally()),
    callsFor(system.url, 4, emptyTally()),
  ]);
  let refusalCpuMs = 0;
  for (let round = 0; round < rounds; round += 1) {
    const quietBefore = readProcessFigures([system.gatewayPid]).cpuMs;
    await atRate(others.perSecond, seconds, (index) => read(index % others.people), calm);
    const between = readProcessFigures([system.gatewayPid]).cpuMs;
    await Promise.all([
      atRate(others.perSecond, seconds, (index) => read(index % others.people), besideOther),
      callsFor(bareUrl, seconds, emptyTally()),
    ]);
    const beforeAbuse = readProcessFigures([system.gatewayPid]).cpuMs;
    await Promise.all([
      atRate(others.perSecond, seconds, (index) => read(index % others.people), besideAbuse),
      callsFor(system.url, seconds, abuser),
    ]);
    refusalCpuMs += readProcessFigures([system.gatewayPid]).cpuMs - beforeAbuse - (between - quietBefore);
  }
  const p99 = (tally: Tally): number =>
    percentile(
      tally.latenciesMs.toSorted((a, b) => a - b),
      0.99,
    );
  const text = [
    `${new Date().toISOString().slice(0, 10)}, ${String(cpus().length)} cores, ${String(Math.round(totalmem() / 2 ** 30))} GiB, Node ${process.versions.node}; ${String(others.people)} people read ${String(others.perSecond)} times a second, in turn alone, beside as many calls to another server, and beside one caller who reads ${String(abuse.perSecond)} times a second, 50 times what they may; ${String(rounds)} rounds of ${String(seconds)} s each.`,
    '',
    '| | calls | answered 200 | refused 429 | p50 | p99 |',
    '|---|---|---|---|---|---|',
    row('the people, alone', calm),
    row('the people, while a server that is not ours gets those calls', besideOther),
    row('the people, beside the abuse', besideAbuse),
    row('the abuse', abuser),
    '',
    `The people’s p99 beside the abuse is ${(p99(besideAbuse) / p99(calm)).toFixed(2)} times that without, and ${(p99(besideAbuse) / p99(besideOther)).toFixed(2)} times that while the same calls go to a bare server of Node on the same two cores. A refusal costs the gateway ${(refusalCpuMs / Math.max(1, abuser.latenciesMs.length)).toFixed(2)} ms of CPU.`,
    '',
  ].join('\n');
  const page = join(import.meta.dirname, '../../docs/performance.md');
  if (!values.dry) writeFileSync(page, withSection(readFileSync(page, 'utf8'), marks, text));
  console.log(text);
} finally {
  await bare.end('SIGTERM');
  await system.stop();
}

/** The abuser calls from a thread of their own, as people do not wait in the abuser's line on the way out. */
async function callsFor(url: string, forSeconds: number, into: Tally): Promise<void> {
  const worker = new Worker(new URL('abuser.ts', import.meta.url), {
    workerData: {
      url: url + path,
      token: system.tokens[63],
      perSecond: abuse.perSecond,
      seconds: forSeconds,
    } satisfies AbuserOrders,
  });
  const tally = await new Promise<Tally>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  into.latenciesMs.push(...tally.latenciesMs);
  for (const [status, count] of tally.statuses) into.statuses.set(status, (into.statuses.get(status) ?? 0) + count);
}

function row(name: string, { latenciesMs, statuses }: Tally): string {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const ms = (share: number): string => `${percentile(sorted, share).toFixed(1)} ms`;
  const count = (status: number): string => String(statuses.get(status) ?? 0);
  return `| ${name} | ${String(sorted.length)} | ${count(200)} | ${count(429)} | ${ms(0.5)} | ${ms(0.99)} |`;
}
