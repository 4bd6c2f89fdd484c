// Simulates a day of traffic by every strategy and writes figures and plots into docs/orchestration.md: `make simulate`, about a minute.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toChoicePolicy } from '../src/ai-config/ai-config.ts';
import { aiFileSchema } from '../src/ai-config/ai-file.ts';
import { figuresOf, simulateDay, strategies } from './day.ts';
import type { SimulatedRequest, Strategy } from './day.ts';
import { lineChart } from './line-chart.ts';
import { providers } from './providers.ts';

const docs = join(import.meta.dirname, '../../../docs');
const marks = { begin: '<!-- simulation -->', end: '<!-- /simulation -->' };
const options = { seed: 20_261_123, hours: 24, perSecond: 1, policy: toChoicePolicy(aiFileSchema.parse({}).selection) };

const days = new Map<Strategy, readonly SimulatedRequest[]>();
for (const strategy of strategies) days.set(strategy, await simulateDay({ ...options, strategy }));

const percent = (share: number, digits = 1): string => `${(share * 100).toFixed(digits)} %`;
const rows = [...days].map(([strategy, requests]) => {
  const { success, p50Ms, p99Ms, costUsd, callsPerRequest, shares } = figuresOf(requests);
  const parts = providers.map(({ id }) => percent(shares[id] ?? 0));
  return `| ${strategy} | ${percent(success, 3)} | ${p50Ms.toFixed(0)} ms | ${p99Ms.toFixed(0)} ms | $${costUsd.toFixed(3)} | ${callsPerRequest.toFixed(3)} | ${parts.join(' | ')} |`;
});
const table = [
  `Seed ${String(options.seed)}, ${String(days.get('ours')?.length ?? 0)} requests, one a second on average.`,
  '',
  `| strategy | answered | p50 | p99 | cost of 1,000 | calls a request | ${providers.map(({ id }) => id).join(' | ')} |`,
  `|---|---|---|---|---|---|${providers.map(() => '---').join('|')}|`,
  ...rows,
  '',
  '![p99 by the hour](orchestration/p99.svg)',
  '',
  '![who answered, by the hour, by our choice](orchestration/share.svg)',
].join('\n');

const hours = Array.from({ length: options.hours }, (_, hour) => hour);
const inHour = (requests: readonly SimulatedRequest[], hour: number): readonly SimulatedRequest[] =>
  requests.filter(({ at }) => Math.floor(at / 3_600_000) === hour);
writeFileSync(
  join(docs, 'orchestration/p99.svg'),
  lineChart({
    title: 'p99 by the hour, in seconds',
    xs: hours,
    lines: [...days].map(([name, requests]) => ({ name, ys: hours.map((hour) => figuresOf(inHour(requests, hour)).p99Ms / 1_000) })),
  }),
);
const ours = days.get('ours') ?? [];
writeFileSync(
  join(docs, 'orchestration/share.svg'),
  lineChart({
    title: 'who answered, by the hour, in percent (our choice)',
    xs: hours,
    lines: providers.map(({ id }) => ({ name: id, ys: hours.map((hour) => (figuresOf(inHour(ours, hour)).shares[id] ?? 0) * 100) })),
  }),
);
const page = join(docs, 'orchestration.md');
const text = readFileSync(page, 'utf8');
const [before, after] = [text.slice(0, text.indexOf(marks.begin) + marks.begin.length), text.slice(text.indexOf(marks.end))];
writeFileSync(page, `${before}\n\n${table}\n\n${after}`);
