import { once } from 'node:events';
import type { Response } from 'express';
import type { ServerEvent } from './server-event.ts';

export const heartbeatMs = 15_000;
/** How soon a caller comes back whose stream had to be ended. */
const retryMs = 1_000;

/** One answer of server-sent events. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface EventStream {
  /** Writes one event and waits until the caller takes it. */
  send(event: ServerEvent): Promise<void>;
  /** Tells the caller when to come back, should the stream end before its time. */
  hint(): void;
  end(): void;
}

/** Begins the answer: headers, and a heartbeat every `everyMs`. */
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
  return {
    async send({ id, name, data }) {
      const wroteAll = response.write(`id: ${String(id)}\nevent: ${name}\ndata: ${data}\n\n`);
      if (!wroteAll) await once(response, 'drain', { signal });
    },
    hint: () => response.write(`retry: ${String(retryMs)}\n\n`),
    end() {
      clearInterval(heartbeat);
      response.end();
    },
  };
}
