import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toListenError } from '@quotemaster/config';
import type { Registry } from 'prom-client';

import { expositionContentType, renderMetrics } from './exposition.ts';
import type { Logger } from './logger.ts';
import { createReadiness } from './readiness.ts';
import type { ReadinessCheck } from './readiness.ts';

export interface AdminServer {
  readonly name: string;
  /** The port in use, once started: the one asked for, or a free one for 0. */
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface AdminServerOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Default 127.0.0.1; a container listens on 0.0.0.0. */
  readonly host?: string;
  /** The registries of all contexts in this process. */
  readonly registries: readonly Registry[];
  readonly isReady: () => boolean;
  readonly checks?: readonly ReadinessCheck[];
  readonly logger: Logger;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

/**
 * Creates the server that orchestrator and Prometheus ask, on a port of its own: GET /livez, /readyz and /metrics.
 *
 * /livez answers 200 as long as the event loop turns and asks no dependency. /readyz answers 200, or 503 with the names of
 * what is missing (`starting` before the end of the start and after the beginning of the stop).
 * @throws ConfigError from `start`, naming QM_ADMIN_PORT, when the port can't be had.
 */
export function createAdminServer(options: AdminServerOptions): AdminServer {
  const { host = '127.0.0.1', registries, isReady, checks = [], logger } = options;
  const missingDependencies = createReadiness(checks);

  const routes: Record<string, () => Promise<Answer> | Answer> = {
    '/livez': () => json(200, { status: 'ok' }),
    '/readyz': async () => {
      const missing = isReady() ? await missingDependencies() : ['starting'];
      return missing.length === 0 ? json(200, { status: 'ready' }) : json(503, { status: 'not_ready', missing });
    },
    '/metrics': async () => ({ status: 200, contentType: expositionContentType, body: await renderMetrics(registries) }),
  };

  async function answer(request: IncomingMessage): Promise<Answer> {
    const route = routes[(request.url ?? '').split('?', 1)[0] ?? ''];
    if (route === undefined) return json(404, { status: 'not_found' });
    if (request.method !== 'GET') return { ...json(405, { status: 'method_not_allowed' }), headers: { allow: 'GET' } };
    try {
      return await route();
    } catch (error) {
      logger.error({ err: error, path: request.url }, 'an admin request failed');
      return json(500, { status: 'failed' });
    }
  }

  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 5_000, maxHeaderSize: 8_192 },
    (request, response) => {
      void answer(request).then((result) => {
        send(response, result);
      });
    },
  );
  server.maxConnections = 256;

  return {
    name: 'admin server',
    get port() {
      return (server.address() as AddressInfo | null)?.port ?? options.port;
    },
    async start() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', (error) => {
          reject(toListenError(error, 'QM_ADMIN_PORT', options.port));
        });
        server.listen(options.port, host, resolve);
      });
      logger.info({ host, port: this.port }, 'the admin server listens');
    },
    async stop() {
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

function json(status: number, body: object): Answer {
  return { status, contentType: 'application/json', body: `${JSON.stringify(body)}\n` };
}

function send(response: ServerResponse, { status, contentType, body, headers }: Answer): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(body);
}
