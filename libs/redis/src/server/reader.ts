import type { Logger } from '@quotemaster/observe';
import type { BusReport } from '../bus-report.ts';
import { stopTimeoutMs } from '../limits.ts';
import { pause } from '../pause.ts';
import { settledWithin } from '../settled-within.ts';
import type { Client, Connection } from './connection.ts';

/** One loop that reads one stream on a connection of its own. */
export interface Reader {
  start(): Promise<void>;
  stop(): Promise<void>;
  isReady(): boolean;
}

export interface ReaderOptions {
  readonly connection: Connection;
  readonly name: string;
  readonly topic: string;
  readonly logger: Logger;
  readonly report: BusReport;
  /** Runs before the first step on a connection that is new or has failed. */
  prepare(client: Client): Promise<void>;
  /** Reads, waiting at most `blockMs`, and handles what it read. */
  step(client: Client, signal: AbortSignal): Promise<void>;
}

/** How long a read waits for events. Well under the silence at which its connection counts as dead. */
export const blockMs = 1_000;

const startTimeoutMs = 3_000;
const retryMs = 500;

/**
 * Creates a reader: `prepare` once a connection, then `step` again and again until it is stopped. A step that fails is logged and tried again.
 *
 * `start` waits at most 3 s for the first connection; with Redis away it returns all the same, and reading begins when Redis is back.
 */
export function createReader(options: ReaderOptions): Reader {
  const { connection, name, topic, logger, report, prepare, step } = options;
  const stopping = new AbortController();
  let client: Client | undefined;
  let loop: Promise<void> | undefined;
  let prepared = false;
  // A function, so that the compiler does not take one look for all.
  const isStopped = (): boolean => stopping.signal.aborted;

  async function run(blocking: Client, onPrepared: () => void): Promise<void> {
    while (!isStopped()) {
      try {
        if (blocking.status === 'wait') await blocking.connect();
        if (!prepared) await prepare(blocking);
        prepared = true;
        onPrepared();
        await step(blocking, stopping.signal);
      } catch (error) {
        // The stop itself cuts the connection under a blocking read.
        if (isStopped()) return;
        // A server that was restarted may have lost what was prepared.
        prepared = false;
        logger.warn({ err: error, reader: name }, 'reading the event bus failed; trying again');
        await pause(retryMs, stopping.signal);
      }
    }
  }

  return {
    async start() {
      const blocking = connection.blocking();
      client = blocking;
      const first = new Promise<void>((resolve) => {
        loop = run(blocking, resolve);
      });
      await settledWithin(first, startTimeoutMs);
    },
    async stop() {
      stopping.abort();
      client?.disconnect();
      if (loop !== undefined && !(await settledWithin(loop, stopTimeoutMs))) report.leftBehind(topic);
    },
    isReady: () => prepared && client?.status === 'ready',
  };
}
