import { runWithTraceparent } from '@quotemaster/observe';
import type { BusReport } from './bus-report.ts';
import type { BusEvent } from './face.ts';
import { pause } from './pause.ts';

/** `failed`: every try failed. `stopped`: the subscription stopped before the event was through. */
export type Outcome = 'handled' | 'failed' | 'stopped';

/**
 * Hands one event to a handler, within the event's trace, until a try succeeds or `triesMax` have failed.
 *
 * The pauses between tries are `retryDelayMs`, then four times as long each. The events behind it wait: when the handler's
 * own dependency is away they would fail the same way, and their order is kept.
 */
export async function handOut(
  event: BusEvent,
  options: {
    handler(event: BusEvent): Promise<void>;
    triesMax: number;
    retryDelayMs: number;
    signal: AbortSignal;
    report: BusReport;
  },
): Promise<Outcome> {
  const { handler, triesMax, retryDelayMs, signal, report } = options;
  for (let failures = 0; !signal.aborted;) {
    try {
      await runWithTraceparent(event.traceparent, `handle ${event.topic}`, () => handler(event));
      report.handled(event.topic);
      return 'handled';
    } catch (error) {
      report.failed(event, error);
    }
    failures += 1;
    if (failures >= triesMax) return 'failed';
    await pause(retryDelayMs * 4 ** (failures - 1), signal);
  }
  return 'stopped';
}
