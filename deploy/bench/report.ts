/** The figures of one target under one load, over all rounds. */
export interface Row {
  readonly name: string;
  readonly callers: number;
  readonly calls: number;
  readonly failures: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
  /** CPU of the target's processes for each call; undefined for the simulator, which is not ours to count. */
  readonly cpuMsPerCall: number | undefined;
  readonly rssBytes: number | undefined;
}

/** What was measured, on what. */
export interface Report {
  readonly date: string;
  readonly machine: string;
  readonly latencyMs: number;
  readonly rounds: number;
  readonly secondsPerRound: number;
  readonly rows: readonly Row[];
  /** Lines about what could not be measured. */
  readonly notes: readonly string[];
}

/** The marks in docs/performance.md between which the figures stand; the words around them are written by hand. */
export const marks = { begin: '<!-- bench -->', end: '<!-- /bench -->' };

/** Puts the report into the page, between its marks. @throws Error for a page without them. */
export function withReport(page: string, report: Report): string {
  return withSection(page, marks, render(report));
}

/** Puts a text between two marks of the page. @throws Error for a page without them. */
export function withSection(page: string, { begin, end }: { readonly begin: string; readonly end: string }, text: string): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the page has no ${begin} … ${end}`);
  return `${before}${begin}\n\n${text}\n${end}${after}`;
}

function render({ date, machine, latencyMs, rounds, secondsPerRound, rows, notes }: Report): string {
  const head = '| | callers | calls | p50 | p99 | added p50 | added p99 | calls/s | CPU ms a call | memory |';
  const lines = rows.map((row) => {
    const base = rows.find(({ callers }) => callers === row.callers) ?? row;
    const added = row === base ? ['', ''] : [signed(row.p50Ms - base.p50Ms), signed(row.p99Ms - base.p99Ms)];
    return [
      '',
      row.name + (row.failures === 0 ? '' : ` (${String(row.failures)} failed)`),
      String(row.callers),
      String(row.calls),
      ms(row.p50Ms),
      ms(row.p99Ms),
      ...added,
      row.perSecond.toFixed(row.perSecond < 100 ? 1 : 0),
      row.cpuMsPerCall === undefined ? '' : row.cpuMsPerCall.toFixed(2),
      row.rssBytes === undefined ? '' : `${String(Math.round(row.rssBytes / 1_048_576))} MiB`,
      '',
    ]
      .join(' | ')
      .trim();
  });
  return [
    `${date}, ${machine}; the simulator answers after ${String(latencyMs)} ms; ${String(rounds)} rounds of ${String(secondsPerRound)} s a line, side by side in one run.`,
    'Added is to the first line of the same number of callers. Memory is resident, of all processes of the line, Postgres among them where it is a child of theirs.',
    '',
    head,
    '|---|---|---|---|---|---|---|---|---|---|',
    ...lines,
    ...notes.map((note) => `\n${note}`),
    '',
  ].join('\n');
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${ms(value)}`;
}
