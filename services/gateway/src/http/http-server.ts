import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toListenError } from '@quotemaster/config';
import type { Component } from '@quotemaster/lifecycle';
import type { Logger } from '@quotemaster/observe';
import { answerClientError } from './client-error.ts';
import { loadTls, watchTls } from './tls-files.ts';
import type { TlsFiles } from './tls-files.ts';

export interface HttpServer extends Component {
  /** The port in use, once started. */
  readonly port: number;
}

const limits = {
  /** Headers must be there within this time, the whole request within the next: slow senders hold a connection no longer. */
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16_384,
} as const;
/** A connection on which nothing moves is cut, so that a caller who stops reading holds nothing. */
const silenceMs = 120_000;
/** What is left of a body that nobody reads may go by for so long, so that its sender gets to read the answer. */
const lingerMs = 3_000;
const connectionsMax = 10_000;
const requestsPerConnectionMax = 10_000;

/**
 * Creates the server of the public port.
 *
 * Its stop takes no new connection, tells kept ones to close, lets answers in progress end, and cuts what is left after `drainMs`.
 * @throws ConfigError for a certificate that can't be used; from `start`, naming QM_HTTP_PORT, when the port can't be had.
 */
export function createHttpServer(options: {
  host: string;
  port: number;
  listener: RequestListener;
  drainMs: number;
  publicUrl: string;
  newId: () => string;
  /** TLS 1.3 with this certificate, read again when it changes; without it, plain HTTP. */
  tls: TlsFiles | undefined;
  logger: Logger;
}): HttpServer {
  const { host, port, listener, drainMs, publicUrl, newId, tls, logger } = options;
  let draining = false;
  const answering = new Set<ServerResponse>();
  const serve: RequestListener = (request, response) => {
    answering.add(response);
    if (draining) response.setHeader('Connection', 'close');
    response.once('finish', () => {
      if (!request.complete) linger(request);
    });
    response.once('close', () => {
      answering.delete(response);
      // A connection whose answer began before the stop was told that it would be kept.
      if (draining) setImmediate(() => server.closeIdleConnections());
    });
    listener(request, response);
  };
  const tlsServer = tls === undefined ? undefined : createTlsServer({ ...limits, ...loadTls(tls) }, serve);
  const server: Server = tlsServer ?? createServer(limits, serve);
  let endWatch: () => void = () => undefined;
  // The default says "continue" before anybody has looked at the headers.
  server.on('checkContinue', serve);
  // Whoever expects what nobody knows gets the answer without it; the default is a 417 with nothing of ours.
  server.on('checkExpectation', serve);
  server.on('clientError', (error, socket) => {
    const hasBegun = [...answering].some((response) => response.socket === socket && response.headersSent);
    if (hasBegun) socket.destroy();
    else answerClientError(error, socket, { publicUrl, newId });
  });
  server.timeout = silenceMs;
  server.maxConnections = connectionsMax;
  server.maxRequestsPerSocket = requestsPerConnectionMax;

  return {
    name: 'http server',
    get port() {
      return (server.address() as AddressInfo | null)?.port ?? port;
    },
    async start() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', (error) => reject(toListenError(error, 'QM_HTTP_PORT', port)));
        server.listen(port, host, resolve);
      });
      if (tls !== undefined) endWatch = watchTls(tls, { apply: (material) => tlsServer?.setSecureContext(material), logger });
    },
    async stop() {
      draining = true;
      endWatch();
      for (const response of answering) if (!response.headersSent) response.setHeader('Connection', 'close');
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), drainMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

function linger(request: IncomingMessage): void {
  const cut = setTimeout(() => request.socket.destroy(), lingerMs);
  request.once('close', () => clearTimeout(cut));
}
