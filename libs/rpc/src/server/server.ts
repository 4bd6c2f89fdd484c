import { Server } from '@grpc/grpc-js';
import type { DescMethod } from '@bufbuild/protobuf';
import type { ServiceVerifier } from '@quotemaster/auth';
import { Health, ServerReflection } from '@quotemaster/contract/rpc';
import { commonErrors } from '@quotemaster/errors';
import type { Component } from '@quotemaster/lifecycle';
import type { Logger, Metrics } from '@quotemaster/observe';
import { asIs, methodPath } from '../codec.ts';
import type { RpcHandler } from '../handler.ts';
import { messageBytesMax } from '../limits.ts';
import { createRpcTelemetry } from '../telemetry.ts';
import type { Exchange } from './exchange.ts';
import { createHealth } from './health.ts';
import { authority, listen } from './listen.ts';
import { createReflection } from './reflection.ts';
import { contractRoute, healthRoute, reflectionRoute, requireComplete } from './route.ts';
import { serve } from './serve.ts';

export interface RpcServerOptions {
  /** The service's name, "quote". */
  readonly name: string;
  readonly handlers: readonly RpcHandler[];
  readonly verifier: ServiceVerifier;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Off in production. */
  readonly reflection: boolean;
  /** A connection is closed gently after this time, so that its client looks for new servers. Default 60 s. */
  readonly maxConnectionAgeMs?: number;
  /** Calls on such a connection have this long to end: longer than the longest stream. Default 330 s. */
  readonly graceMs?: number;
  /** At the stop, running calls have this long to end. Default 10 s. */
  readonly drainMs?: number;
}

/** A running gRPC server. `stop` lets running calls end, ends what is left with `common.unavailable`, and closes. */
export interface RpcServer extends Component {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The port it got; 0 before the start. */
  readonly port: number;
  /** "host:port", for a client on the same machine. */
  readonly address: string;
  /** What health says; true from the start to the stop unless told otherwise. */
  setServing(serving: boolean): void;
}

/** Calls on one connection at a time; more wait at the client. */
const concurrentStreamsMax = 1_024;
/** Of the drain's time, this much is kept for telling callers that it is over. */
const farewellMs = 250;

/**
 * Creates the gRPC server of a service, with health and (where asked for) reflection.
 * @throws Error when a service has an RPC without a handler. `start` throws ConfigError for a port that can't be had.
 */
export function createRpcServer(options: RpcServerOptions): RpcServer {
  const {
    name,
    handlers,
    verifier,
    logger,
    host = '127.0.0.1',
    maxConnectionAgeMs = 60_000,
    graceMs = 330_000,
    drainMs = 10_000,
  } = options;
  requireComplete(handlers);
  const services = [...new Set(handlers.map(({ method }) => method.parent))];
  const health = createHealth(services.map(({ typeName }) => typeName));
  const routes = [...handlers.map(contractRoute), ...health.handlers.map(healthRoute)];
  if (options.reflection) routes.push(reflectionRoute(createReflection([...services, Health, ServerReflection])));

  const exchanges = new Set<Exchange>();
  const environment = { verifier, logger, telemetry: createRpcTelemetry('server', options.metrics), exchanges };
  const server = new Server({
    'grpc.max_connection_age_ms': maxConnectionAgeMs,
    'grpc.max_connection_age_grace_ms': graceMs,
    'grpc.max_concurrent_streams': concurrentStreamsMax,
    'grpc.max_receive_message_length': messageBytesMax,
    'grpc.max_send_message_length': messageBytesMax,
    'grpc.enable_channelz': 0,
  });
  for (const route of routes) server.register(methodPath(route.method), serve(environment, route), asIs, asIs, handlerType(route.method));
  let port = 0;

  return {
    name: `${name} rpc`,
    async start() {
      port = await listen(server, host, options.port, verifier.tls);
      health.setServing(true);
      logger.info({ host, port }, 'gRPC is served');
    },
    async stop() {
      health.close();
      const drained = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      // tryShutdown waits for open streams for ever: what is still running near the end is told so, then cut.
      const farewell = setTimeout(
        () => {
          for (const exchange of [...exchanges]) exchange.abandon(commonErrors.unavailable, 'the server stops');
        },
        Math.max(0, drainMs - farewellMs),
      );
      const cut = setTimeout(() => server.forceShutdown(), drainMs);
      // forceShutdown destroys every session, so that this settles in either case.
      await drained;
      clearTimeout(farewell);
      clearTimeout(cut);
    },
    setServing: (serving) => health.setServing(serving),
    get port() {
      return port;
    },
    get address() {
      return authority(host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host, port);
    },
  };
}

function handlerType(method: DescMethod): string {
  switch (method.methodKind) {
    case 'unary':
      return 'unary';
    case 'server_streaming':
      return 'serverStream';
    case 'client_streaming':
      return 'clientStream';
    case 'bidi_streaming':
      return 'bidi';
  }
}
