// Measures what the gateway itself costs a request, beside a bare Express route and a bare Node proxy: `make bench` runs it. Writes its part of
// docs/performance.md; takes about two minutes.
//
//   node deploy/bench/edge.ts [--seconds 4] [--rounds 3] [--dry]
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { QuoteService } from '@quotemaster/contract/quote';
import { createRpcClient } from '@quotemaster/rpc';
import { findFreePorts, startNodeProcess, untilReady } from '@quotemaster/testkit/node-process';
import { hasRedisServer } from '@quotemaster/testkit/redis-faces';
import { testUser } from '@quotemaster/testkit/test-identity';
import { call, startEdgeSystem } from './edge-system.ts';
import { percentile, runLoad } from './load.ts';
import { readProcessFigures } from './process-figures.ts';
import { withSection } from './report.ts';
import type { Target } from './targets.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    dry: { type: 'boolean', default: false },
  },
});
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
const callerCounts = [1, 32];
const warmUpSeconds = 5;
const marks = { begin: '<!-- bench edge -->', end: '<!-- /bench edge -->' };

if (!hasRedisServer()) {
  console.log('skipped: the bench of the edge, as there is no redis-server on PATH');
  process.exit(0);
}
const unlimited = { QM_RATE_READ_PER_MINUTE: '1000000', QM_RATE_GENERATE_PER_MINUTE: '1000000' };
const system = await startEdgeSystem(unlimited);
const quotes = createRpcClient(QuoteService, { address: system.quoteAddress, callee: 'quote', identity: system.identity });
const stops: (() => Promise<unknown>)[] = [];
try {
  const targets = await createTargets();
  for (const target of targets) await runLoad(target.call, { callers: 32, seconds: warmUpSeconds });
  const lines = [
    '| | callers | calls/s | p50 | p99 | added p50 | CPU ms a call | calls a second of CPU |',
    '|---|---|---|---|---|---|---|---|',
  ];
  for (const callers of callerCounts) lines.push(...(await measure(targets, callers)));
  const text = [
    `${new Date().toISOString().slice(0, 10)}, ${String(cpus().length)} cores, ${String(Math.round(totalmem() / 2 ** 30))} GiB, Node ${process.versions.node}; ${String(rounds)} rounds of ${String(seconds)} s a line, side by side in one run. CPU is that of the named process alone.`,
    '',
    ...lines,
    '',
  ].join('\n');
  const path = join(import.meta.dirname, '../../docs/performance.md');
  if (!values.dry) writeFileSync(path, withSection(readFileSync(path, 'utf8'), marks, text));
  console.log(text);
} finally {
  quotes.close();
  for (const stop of stops) await stop();
  await system.stop();
}

async function createTargets(): Promise<readonly (Target & { readonly base?: string })[]> {
  const path = '/v1/quotes/01995f3e-8c1a-7d2e-9b4f-3a6c1d8e5f70';
  const bearer = (caller: number): Record<string, string> => ({
    authorization: `Bearer ${system.tokens[caller % system.tokens.length] ?? ''}`,
  });
  const first = await call(system.url + path, { headers: bearer(0) });
  if (first.status !== 200 || first.etag === undefined) throw new Error(`the gateway answered ${String(first.status)}: ${first.text}`);
  const { etag, text: answer } = first;
  const expectStatus = async (expected: number, made: ReturnType<typeof call>): Promise<void> => {
    const { status, text } = await made;
    if (status !== expected) throw new Error(`${String(status)}: ${text.slice(0, 300)}`);
  };
  const bare = async (kind: string, env: Record<string, string> = {}): Promise<{ url: string; pid: number }> => {
    const [port = 0] = await findFreePorts(1);
    const server = startNodeProcess({
      script: 'deploy/bench/bare-server.ts',
      args: [kind],
      env: { PORT: String(port), ANSWER: answer, ...env },
    });
    stops.push(() => server.end('SIGTERM'));
    const url = `http://127.0.0.1:${String(port)}`;
    await untilReady(server, url + path);
    return { url, pid: server.pid };
  };
  const node = await bare('node');
  const express = await bare('express');
  const proxy = await bare('proxy', { TARGET: node.url });
  const stop = (): Promise<void> => Promise.resolve();
  const read = (url: string) => () => expectStatus(200, call(url + path));
  const gateway = { gateway: system.gatewayPid };
  const actor = testUser();
  const generate = '{"prompt":"the courage to start again after a long winter"}';
  const json = { 'content-type': 'application/json' };
  return [
    { name: 'Node, JSON', pids: { node: node.pid }, call: read(node.url), stop },
    { name: 'Express, JSON', pids: { express: express.pid }, call: read(express.url), stop },
    { name: 'a proxy of Node before Node', pids: { proxy: proxy.pid }, call: read(proxy.url), stop },
    {
      name: 'GetQuote over gRPC, nothing behind it',
      pids: {},
      call: async () => {
        await quotes.getQuote({ id: path.slice(-36) }, { timeoutMs: 5_000, actor });
      },
      stop,
    },
    {
      name: 'the gateway: GET /v1/quotes/{id}',
      base: 'GetQuote over gRPC, nothing behind it',
      pids: gateway,
      call: (caller) => expectStatus(200, call(system.url + path, { headers: bearer(caller) })),
      stop,
    },
    {
      name: 'the gateway: the same, unchanged (304)',
      base: 'GetQuote over gRPC, nothing behind it',
      pids: gateway,
      call: (caller) => expectStatus(304, call(system.url + path, { headers: { ...bearer(caller), 'if-none-match': etag } })),
      stop,
    },
    {
      name: 'the gateway: POST /v1/quotes/generate',
      base: 'GetQuote over gRPC, nothing behind it',
      pids: gateway,
      call: (caller) =>
        expectStatus(
          201,
          call(`${system.url}/v1/quotes/generate`, { method: 'POST', headers: { ...bearer(caller), ...json }, body: generate }),
        ),
      stop,
    },
  ];
}

/** Rounds go around the targets, so that whatever else this machine does falls on all of them. */
async function measure(targets: readonly (Target & { readonly base?: string })[], callers: number): Promise<string[]> {
  const sums = targets.map(() => ({ latenciesMs: [] as number[], seconds: 0, cpuMs: 0 }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, target] of targets.entries()) {
      const pids = Object.values(target.pids);
      const before = readProcessFigures(pids);
      const { latenciesMs, seconds: took, failures, firstFailure } = await runLoad(target.call, { callers, seconds });
      if (failures > 0) throw new Error(`${target.name}: ${firstFailure ?? ''}`);
      const sum = sums[index] ?? { latenciesMs: [], seconds: 0, cpuMs: 0 };
      sum.latenciesMs.push(...latenciesMs);
      sum.seconds += took;
      sum.cpuMs += readProcessFigures(pids).cpuMs - before.cpuMs;
    }
  }
  const p50s = new Map<string, number>();
  return targets.map(({ name, pids, base }, index) => {
    const { latenciesMs = [], seconds: took = 1, cpuMs = 0 } = sums[index] ?? {};
    const sorted = latenciesMs.toSorted((a, b) => a - b);
    const p50 = percentile(sorted, 0.5);
    p50s.set(name, p50);
    const added = base === undefined ? '' : `+${(p50 - (p50s.get(base) ?? 0)).toFixed(2)} ms`;
    const cpu = cpuMs / Math.max(1, sorted.length);
    const figures = Object.keys(pids).length === 0 ? ['', ''] : [cpu.toFixed(3), (1_000 / cpu).toFixed(0)];
    const cells = [
      name,
      String(callers),
      (sorted.length / took).toFixed(0),
      `${p50.toFixed(2)} ms`,
      `${percentile(sorted, 0.99).toFixed(1)} ms`,
    ];
    return `| ${[...cells, added, ...figures].join(' | ')} |`;
  });
}
