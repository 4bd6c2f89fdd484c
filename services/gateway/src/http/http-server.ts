import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toListenError } from '@quotemaster/config';
import type { Component } from '@quotemaster/lifecycle';

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
const connectionsMax = 10_000;
const requestsPerConnectionMax = 10_000;
/** A stop waits so long for answers that are being written. */
const drainMs = 8_000;

/**
 * Creates the server of the public port.
 *
 * Its stop takes no new connection, tells kept ones to close, lets answers in progress end, and cuts what is left after 8 s.
 * @throws ConfigError from `start`, naming QM_HTTP_PORT, when the port can't be had.
 */
export function createHttpServer(options: { host: string; port: number; listener: RequestListener }): HttpServer {
  const { host, port, listener } = options;
  let draining = false;
  const server: Server = createServer(limits, (request, response) => {
    if (draining) response.setHeader('Connection', 'close');
    listener(request, response);
  });
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
    },
    async stop() {
      draining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), drainMs);
      await closed;
      clearTimeout(cut);
    },
  };
}
