// Measures what ai-orchestrator adds to a model's own time, beside two well-known proxies before the same simulator: `make bench` runs it.
// Writes its part of docs/performance.md; takes about ten minutes, and twenty more with --soak.
//
//   node deploy/bench/orchestrators.ts [--seconds 3] [--rounds 2] [--latencies 0,20,60] [--soak] [--dry]
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hasRedisServer } from '@quotemaster/testkit/redis-faces';
import { testUser } from '@quotemaster/testkit/test-identity';
import { call } from './edge-system.ts';
import { percentile, runLoad } from './load.ts';
import type { Call } from './load.ts';
import { startOrchestratorSystem } from './orchestrator-system.ts';
import { startLiteLlm, startPortkey } from './others.ts';
import type { OtherProxy } from './others.ts';
import { readProcessFigures } from './process-figures.ts';
import { withSection } from './report.ts';
import { startSimulator } from './targets.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '2' },
    latencies: { type: 'string', default: '0,20,60' },
    soak: { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
  },
});
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
const latenciesMs = values.latencies.split(',').map(Number);
const callerCounts = [1, 32];
const warmUpSeconds = 8;
const soakMinutes = 10;
const model = 'gpt-6-luna';
const messages = [{ role: 'user', content: 'Write one line about the courage to start again after a long winter.' }];
/** Forty tokens, each a chunk of a stream. */
const answer = Array.from({ length: 40 }, (_, index) => `word${String(index)}`).join(' ');

type Mode = 'whole' | 'streamed';

interface Proxy {
  readonly name: string;
  readonly pids: readonly number[];
  call(mode: Mode): Call;
}

if (!hasRedisServer()) {
  console.log('skipped: the bench of orchestrators, as there is no redis-server on PATH');
  process.exit(0);
}
const simulator = await startSimulator(0);
const upstream = `${simulator.url}/openai/v1`;
const stops: (() => Promise<void>)[] = [() => simulator.stop()];
const notes: string[] = [];
try {
  const ours = await startOrchestratorSystem(upstream);
  stops.push(() => ours.stop());
  const actor = testUser({ scopes: ['ai:invoke'] });
  const others = [await startOther('Portkey', startPortkey), await startOther('LiteLLM', startLiteLlm)].filter((one) => one !== undefined);
  const direct: Proxy = { name: 'the simulator, called directly', pids: [], call: httpCall(`${upstream}/chat/completions`, {}) };
  const grpc: Proxy = {
    name: 'ours, over gRPC',
    pids: [ours.pids.orchestrator],
    call: (mode) => async () => {
      const request = { model: 'auto', messages };
      if (mode === 'whole') {
        await ours.inference.chat(request, { timeoutMs: 30_000, actor });
        return;
      }
      let last: string | undefined;
      for await (const { event } of ours.inference.streamChat({ request }, { timeoutMs: 30_000, actor })) last = event.case;
      if (last !== 'done') throw new Error(`the last event was ${String(last)}`);
    },
  };
  const http: Proxy = {
    name: 'ours, over /openai/v1 (gateway and orchestrator)',
    pids: [ours.pids.orchestrator, ours.pids.gateway],
    call: httpCall(`${ours.url}/chat/completions`, { authorization: `Bearer ${ours.apiKey}` }),
  };
  const proxies = [direct, grpc, http, ...others];

  const machine = `${new Date().toISOString().slice(0, 10)}, ${String(cpus().length)} cores, ${String(Math.round(totalmem() / 2 ** 30))} GiB, Node ${process.versions.node}`;
  const sections = [
    `${machine}; ${String(rounds)} rounds of ${String(seconds)} s a line, side by side in one run. CPU and memory (resident) are those of the named processes.`,
  ];
  await behave(0);
  for (const mode of ['whole', 'streamed'] as const) {
    const able: Proxy[] = [];
    for (const proxy of proxies) if (await isAble(proxy, mode)) able.push(proxy);
    for (const latencyMs of latenciesMs) {
      await behave(latencyMs);
      sections.push(
        '',
        `**${mode === 'whole' ? 'Answers whole' : 'Answers streamed, 40 chunks'}, the model takes ${String(latencyMs)} ms**`,
        '',
        '| | callers | calls/s | p50 | p99 | added p50 | added p99 | CPU ms a call | calls a second of CPU | memory |',
        '|---|---|---|---|---|---|---|---|---|---|',
      );
      for (const callers of callerCounts) sections.push(...(await measure(able, mode, callers)));
    }
  }
  report('orchestrators', [...sections, ...notes.flatMap((note) => ['', note])]);
  if (values.soak) report('soak', await soak([grpc, http], machine));
} finally {
  for (const stop of stops.toReversed()) await stop();
}

/** Puts lines between the marks of this name in docs/performance.md, and prints them. */
function report(name: string, lines: readonly string[]): void {
  const text = [...lines, ''].join('\n');
  const path = join(import.meta.dirname, '../../docs/performance.md');
  const marks = { begin: `<!-- bench ${name} -->`, end: `<!-- /bench ${name} -->` };
  if (!values.dry) writeFileSync(path, withSection(readFileSync(path, 'utf8'), marks, text));
  console.log(text);
}

async function startOther(name: string, start: (upstream: string) => Promise<OtherProxy>): Promise<Proxy | undefined> {
  try {
    const proxy = await start(upstream);
    stops.push(() => proxy.stop());
    return { name: proxy.name, pids: [proxy.pid], call: httpCall(proxy.url, proxy.headers) };
  } catch (error) {
    console.error(error);
    notes.push(`Not measured here: ${name}, which could not be installed or started.`);
    return undefined;
  }
}

/** Tells the simulator what to answer, and after how long. */
async function behave(latencyMs: number): Promise<void> {
  const body = JSON.stringify([{ kind: 'healthy', latencyMs, text: answer }]);
  const { status, text } = await call(`${simulator.url}/_control/accounts/openai/behaviour`, { method: 'PUT', body });
  if (status !== 204) throw new Error(`the simulator answered ${String(status)}: ${text}`);
}

function httpCall(url: string, headers: Readonly<Record<string, string>>): (mode: Mode) => Call {
  return (mode) => {
    const body = JSON.stringify({ model, messages, ...(mode === 'streamed' ? { stream: true } : {}) });
    const options = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
    return async () => {
      const { status, text } = await call(url, options);
      const isGood = status === 200 && text.includes('word39') && (mode === 'whole' || text.trimEnd().endsWith('[DONE]'));
      if (!isGood) throw new Error(`${String(status)}: ${text.slice(0, 300)}`);
    };
  };
}

/** Warms it up. One that cannot do it is left out, with a note. */
async function isAble(proxy: Proxy, mode: Mode): Promise<boolean> {
  try {
    await proxy.call(mode)(0);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    notes.push(`${proxy.name} fails as installed where answers are ${mode}: ${reason.replaceAll(/\s+/g, ' ').slice(0, 200)}`);
    return false;
  }
  await runLoad(proxy.call(mode), { callers: 32, seconds: warmUpSeconds });
  return true;
}

/** Rounds go around the proxies, so that whatever else this machine does falls on all of them. */
async function measure(proxies: readonly Proxy[], mode: Mode, callers: number): Promise<string[]> {
  const sums = proxies.map(() => ({ latenciesMs: [] as number[], failures: 0, seconds: 0, cpuMs: 0, rssBytes: 0 }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, proxy] of proxies.entries()) {
      const before = readProcessFigures(proxy.pids);
      const result = await runLoad(proxy.call(mode), { callers, seconds });
      const after = readProcessFigures(proxy.pids);
      const sum = sums[index] ?? { latenciesMs: [], failures: 0, seconds: 0, cpuMs: 0, rssBytes: 0 };
      sum.latenciesMs.push(...result.latenciesMs);
      sum.failures += result.failures;
      if (result.firstFailure !== undefined) console.error(`${proxy.name}: ${result.firstFailure}`);
      sum.seconds += result.seconds;
      sum.cpuMs += after.cpuMs - before.cpuMs;
      sum.rssBytes = Math.max(sum.rssBytes, after.rssBytes);
    }
  }
  let base: { p50: number; p99: number } | undefined;
  return proxies.map(({ name, pids }, index) => {
    const sum = sums[index] ?? { latenciesMs: [], failures: 0, seconds: 1, cpuMs: 0, rssBytes: 0 };
    const sorted = sum.latenciesMs.toSorted((a, b) => a - b);
    const [p50, p99] = [percentile(sorted, 0.5), percentile(sorted, 0.99)];
    const added = base === undefined ? ['', ''] : [`+${(p50 - base.p50).toFixed(2)} ms`, `+${(p99 - base.p99).toFixed(1)} ms`];
    base ??= { p50, p99 };
    const cpu = sum.cpuMs / Math.max(1, sorted.length);
    const own = pids.length === 0 ? ['', '', ''] : [cpu.toFixed(2), (1_000 / cpu).toFixed(0), mebibytes(sum.rssBytes)];
    const failed = sum.failures === 0 ? '' : ` (${String(sum.failures)} failed)`;
    const cells = [
      name + failed,
      String(callers),
      (sorted.length / sum.seconds).toFixed(0),
      `${p50.toFixed(2)} ms`,
      `${p99.toFixed(1)} ms`,
    ];
    return `| ${[...cells, ...added, ...own].join(' | ')} |`;
  });
}

/** Ten minutes of load on each, and what memory came to at the end of each minute. */
async function soak(proxies: readonly Proxy[], machine: string): Promise<string[]> {
  await behave(20);
  const minutes = Array.from({ length: soakMinutes }, (_, minute) => minute + 1);
  const lines = [
    `${machine}; resident memory at the end of each of ${String(soakMinutes)} minutes, 32 callers, the model takes 20 ms, answers whole.`,
    '',
    `| | ${minutes.join(' | ')} |`,
    `|---|${minutes.map(() => '---').join('|')}|`,
  ];
  for (const { name, pids, call: callOf } of proxies) {
    const cells: string[] = [];
    for (const minute of minutes) {
      const { failures, firstFailure } = await runLoad(callOf('whole'), { callers: 32, seconds: 60 });
      if (failures > 0) console.error(`${name}, minute ${String(minute)}: ${String(failures)} failed: ${firstFailure ?? ''}`);
      cells.push(mebibytes(readProcessFigures(pids).rssBytes));
    }
    lines.push(`| ${[name, ...cells].join(' | ')} |`);
  }
  return lines;
}

function mebibytes(bytes: number): string {
  return `${String(Math.round(bytes / 1_048_576))} MiB`;
}
