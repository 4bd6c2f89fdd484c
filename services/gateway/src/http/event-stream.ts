import { once } from 'node:events';
import type { Response } from 'express';

export const heartbeatMs = 15_000;

/** One answer of server-sent events. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface EventStream {
  /** Writes one event and waits until the caller takes it. */
  send(event: string, data: string): Promise<void>;
  end(): void;
}

/** Begins the answer: headers, a heartbeat every `everyMs`, ids that count from 1. */
export function beginEventStream(response: Response, signal: AbortSignal, everyMs: number): EventStream {
  response.status(200);
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  response.setHeader('Cache-Control', 'no-cache, no-transform');
  response.setHeader('X-Accel-Buffering', 'no');
  response.flushHeaders();
  const heartbeat = setInterval(() => response.write(': heartbeat\n\n'), everyMs);
  response.once('close', () => {
    clearInterval(heartbeat);
  });
  let id = 0;
  return {
    async send(event, data) {
      id += 1;
      const wroteAll = response.write(`id: ${String(id)}\nevent: ${event}\ndata: ${data}\n\n`);
      if (!wroteAll) await once(response, 'drain', { signal });
    },
    end() {
      clearInterval(heartbeat);
      response.end();
    },
  };
}
