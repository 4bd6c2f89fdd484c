import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
export type Step = (response: ServerResponse, request: IncomingMessage) => void;

/** A server that answers each request with the next step, and the last one for ever. */
export interface MisbehavingServer {
  readonly url: string;
  readonly seen: Seen[];
  answer(...steps: Step[]): void;
  stop(): Promise<void>;
}

export async function startMisbehavingServer(): Promise<MisbehavingServer> {
  const seen: Seen[] = [];
  let steps: Step[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      const step = steps.length > 1 ? steps.shift() : steps[0];
      step?.(response, request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    seen,
    answer: (...next) => {
      steps = next;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Step =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

export const problem = (status: number, code: string, headers: Record<string, string> = {}): Step =>
  json(
    status,
    { type: '', title: 'A title', status, detail: 'A detail.', instance: '/', code, requestId: 'r-1' },
    { ...headers, 'content-type': 'application/problem+json' },
  );

/** Breaks the connection before a byte of answer. */
export const reset: Step = (response) => response.socket?.resetAndDestroy();

/** Writes events; then ends, or cuts the connection. */
export const events =
  (frames: readonly string[], end: 'end' | 'cut'): Step =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(frames.join(''), () => {
      if (end === 'end') response.end();
      else setTimeout(() => response.socket?.resetAndDestroy(), 20);
    });
  };
