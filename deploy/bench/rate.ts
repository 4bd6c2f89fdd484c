import type { call } from './edge-system.ts';

/** What came of one kind of caller. */
export interface Tally {
  readonly latenciesMs: number[];
  readonly statuses: Map<number, number>;
}
export const emptyTally = (): Tally => ({ latenciesMs: [], statuses: new Map() });

/** Begins a call at each of its times, whether or not the ones before have been answered. */
export async function atRate(
  perSecond: number,
  forSeconds: number,
  run: (index: number) => ReturnType<typeof call>,
  tally: Tally,
): Promise<void> {
  const startedAt = performance.now();
  const running: Promise<void>[] = [];
  for (let index = 0; index < forSeconds * perSecond; index += 1) {
    const due = startedAt + (index * 1_000) / perSecond;
    const waitMs = due - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const begunAt = performance.now();
    running.push(
      run(index).then(({ status }) => {
        tally.latenciesMs.push(performance.now() - begunAt);
        tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
      }),
    );
  }
  await Promise.all(running);
}
