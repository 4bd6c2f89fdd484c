import { monitorEventLoopDelay } from 'node:perf_hooks';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { Component } from '@quotemaster/lifecycle';
import type { Logger, Metrics } from '@quotemaster/observe';
import { floorOfCalls, nextFloorOfDelay } from './admission-floor.ts';

/** Lets calls in while there is room, and under pressure the dear ones only. */
export interface Admission extends Component {
  /**
   * Lets a call in, or refuses it before anything was spent on it.
   * @param priority 1 to 100, the contract's shed_priority: what is lower goes first.
   * @returns what ends its stay; to be called once.
   * @throws AppError `common.overloaded`
   */
  enter(priority: number): () => void;
}

const sampleMs = 100;
const resolutionMs = 10;

/**
 * Creates the admission control of the edge.
 *
 * Beyond `inFlightMax` calls in flight, or `delayMaxMs` of delay in the event loop (looked at every 100 ms), a floor rises, and what has a lower
 * priority is refused: first analytics, then reads, then generations, and sign-ins last; at twice the calls, everything. What is let in
 * keeps its pace, because what would slow it stays out.
 */
export function createAdmission(options: { inFlightMax: number; delayMaxMs: number; logger: Logger; metrics: Metrics }): Admission {
  const { inFlightMax, delayMaxMs, logger, metrics } = options;
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  let timer: NodeJS.Timeout | undefined;
  let inFlight = 0;
  let delayFloor = 0;
  const floor = (): number => Math.max(delayFloor, floorOfCalls(inFlight, inFlightMax));

  const shed = metrics.counter('http_requests_shed_total', 'Calls refused under overload, by the priority they had.', ['priority']);
  metrics.gauge('http_admission_floor', 'Calls below this priority are refused now; 0 lets all in.', [], (gauge) => gauge.set(floor()));
  metrics.gauge('http_requests_in_flight', 'Calls that are being answered.', [], (gauge) => gauge.set(inFlight));

  function sample(): void {
    // The histogram counts from one tick to the next, its own resolution included.
    const delayMs = Math.max(0, delay.mean / 1e6 - resolutionMs);
    delay.reset();
    const next = nextFloorOfDelay(delayFloor, delayMs, delayMaxMs);
    if (delayFloor === 0 && next > 0) logger.warn({ delayMs, inFlight }, 'the event loop is late: the least urgent calls are refused');
    if (delayFloor > 0 && next === 0) logger.info({ delayMs, inFlight }, 'the event loop is in time again');
    delayFloor = next;
  }

  return {
    name: 'admission',
    start() {
      delay.enable();
      timer = setInterval(sample, sampleMs);
      timer.unref();
    },
    stop() {
      clearInterval(timer);
      delay.disable();
    },
    enter(priority) {
      if (priority < floor()) {
        shed.inc({ priority: String(priority) });
        // Those who are sent away must not all come back at once.
        throw new AppError(commonErrors.overloaded, {
          reason: `shed: priority ${String(priority)}, floor ${String(floor())}`,
          retryAfterMs: 1_000 + Math.random() * 2_000,
        });
      }
      inFlight += 1;
      let hasLeft = false;
      return () => {
        if (hasLeft) return;
        hasLeft = true;
        inFlight -= 1;
      };
    },
  };
}
