import type { Logger } from '@quotemaster/observe';
import { pause } from '../pause.ts';
import type { Client, Connection } from './connection.ts';

/** One loop that reads one stream on a connection of its own. */
export interface Reader {
  start(): Promise<void>;
  stop(): Promise<void>;
  isReady(): boolean;
}

const startTimeoutMs = 3_000;
const retryMs = 500;

/**
 * Creates a reader: `prepare` once a connection, then `step` again and again until it is stopped. A step that fails is logged and tried again.
 *
 * `start` waits at most 3 s for the first connection; with Redis away it returns all the same, and reading begins when Redis is back.
 */
export function createReader(options: {
  connection: Connection;
  name: string;
  logger: Logger;
  prepare(client: Client): Promise<void>;
  step(client: Client, signal: AbortSignal): Promise<void>;
}): Reader {
  const { connection, name, logger, prepare, step } = options;
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
      await Promise.race([first, pause(startTimeoutMs, stopping.signal)]);
    },
    async stop() {
      stopping.abort();
      client?.disconnect();
      await loop;
    },
    isReady: () => prepared && client?.status === 'ready',
  };
}
