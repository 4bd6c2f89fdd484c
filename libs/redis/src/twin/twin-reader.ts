import type { BusReport } from '../bus-report.ts';
import type { BusEvent } from '../face.ts';
import { handOut } from '../hand-out.ts';
import { deliveriesMax, stopTimeoutMs } from '../limits.ts';
import { settledWithin } from '../settled-within.ts';
import type { Queue } from './twin-queue.ts';

export interface TwinReader {
  /** Resolves when the handler that was running has ended, or after 3 s. */
  stop(): Promise<void>;
}

/** Starts to hand the events of a queue to a handler, one after the other: once, or for a group until one of five tries succeeds. */
export function startTwinReader(options: {
  queue: Queue;
  topic: string;
  group: string | undefined;
  handler(event: BusEvent): Promise<void>;
  retryDelayMs: number;
  report: BusReport;
}): TwinReader {
  const { queue, topic, group, handler, retryDelayMs, report } = options;
  const stopping = new AbortController();
  const terms = { handler, retryDelayMs, report, signal: stopping.signal, triesMax: group === undefined ? 1 : deliveriesMax };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const event = queue.take();
      if (event === undefined) {
        await queue.wait(stopping.signal);
        continue;
      }
      const outcome = await handOut(event, terms);
      if (outcome === 'stopped') queue.putBack(event);
      if (outcome === 'failed' && group !== undefined) report.dead(event, group);
    }
  }

  const loop = run();
  return {
    stop: async () => {
      stopping.abort();
      if (!(await settledWithin(loop, stopTimeoutMs))) report.leftBehind(topic);
    },
  };
}
