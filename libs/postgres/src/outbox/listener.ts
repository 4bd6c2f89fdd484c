import type { Logger } from '@quotemaster/observe';
import pg from 'pg';

export interface Listener {
  start(): void;
  stop(): Promise<void>;
}

export interface ListenerOptions {
  connect(): Promise<pg.Client>;
  readonly channel: string;
  onNotify(): void;
  readonly logger: Logger;
}

const reconnectMs = 1_000;
const checkMs = 30_000;

/**
 * Listens on a connection of its own, and makes another when it breaks; a connection that only seems to live is found out
 * within half a minute. What is told meanwhile is missed: whoever listens polls as well, and is woken after each reconnect.
 */
export function createListener(options: ListenerOptions): Listener {
  const { channel, onNotify, logger } = options;
  let client: pg.Client | undefined;
  let connecting: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function open(): Promise<void> {
    const opened = await options.connect();
    opened.on('notification', onNotify);
    opened.on('error', (error) => logger.debug({ err: error }, 'the listening connection was lost'));
    opened.on('end', () => {
      if (client === opened) reopenLater();
    });
    client = opened;
    await opened.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    checkLater(opened);
    onNotify();
  }

  function connect(): void {
    connecting = open().catch((error: unknown) => {
      logger.warn({ err: error }, 'the listening connection could not be made');
      reopenLater();
    });
  }

  function reopenLater(): void {
    const lost = client;
    client = undefined;
    void lost?.end().catch((error: unknown) => logger.debug({ err: error }, 'the lost connection did not end well'));
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(connect, reconnectMs);
  }

  function checkLater(opened: pg.Client): void {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => {
      opened.query('SELECT 1').then(
        () => checkLater(opened),
        () => reopenLater(),
      );
    }, checkMs);
  }

  return {
    start: connect,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await connecting;
      clearTimeout(timer);
      const held = client;
      client = undefined;
      await held?.end();
    },
  };
}
