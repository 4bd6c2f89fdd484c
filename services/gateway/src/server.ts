import { createLifecycle } from '@quotemaster/lifecycle';
import type { Component } from '@quotemaster/lifecycle';
import type { Metrics, ReadinessCheck } from '@quotemaster/observe';
import type { GatewayConfig } from './config.ts';
import { createContext } from './context.ts';
import type { GatewayDeps } from './context.ts';
import { createApp } from './http/app.ts';
import { createHttpServer } from './http/http-server.ts';

/** The running gateway, as main.ts and standalone hold it. */
export interface Gateway extends Component {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** True between the end of its start and the beginning of its stop. */
  isReady(): boolean;
  readonly checks: readonly ReadinessCheck[];
  /** The public port, once started. */
  readonly port: number;
  readonly metrics: Metrics;
}

/**
 * Builds the gateway: its clients, the news of ended sessions, and the public port.
 * @throws ConfigError when Redis is neither configured nor brought, or a key can't be read.
 */
export function buildGateway(config: GatewayConfig, deps: GatewayDeps = {}): Gateway {
  const context = createContext(config, deps);
  const { logger, metrics, redis, sessionEvents, newId } = context;
  const { host, httpPort: port, drainMs, publicUrl } = config;
  // The lifecycle must not leave the drain behind, or the clients close under the answers that it waits for.
  const lifecycle = createLifecycle({ logger, stopTimeoutMs: drainMs + 2_000 });
  const server = createHttpServer({
    host,
    port,
    drainMs,
    publicUrl,
    newId,
    tls: config.tls,
    logger,
    listener: createApp(context, () => lifecycle.isReady()),
  });

  lifecycle.add({ name: 'clients', stop: () => context.close() });
  if (context.ownsRedis) lifecycle.add({ name: 'redis', start: () => redis.start(), stop: () => redis.stop() });
  lifecycle.add(sessionEvents);
  lifecycle.add(context.admission);
  lifecycle.add(server);
  lifecycle.add(context.events);
  return {
    name: 'gateway',
    start: () => lifecycle.start(),
    stop: () => lifecycle.stop(),
    isReady: () => lifecycle.isReady(),
    // A gateway without its neighbours still tells callers so: it is never taken out for their sake.
    checks: [],
    get port() {
      return server.port;
    },
    metrics,
  };
}
