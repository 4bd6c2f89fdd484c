import { createLifecycle } from '@quotemaster/lifecycle';
import type { Component } from '@quotemaster/lifecycle';
import type { Metrics, ReadinessCheck } from '@quotemaster/observe';
import { createOutboxRelay } from '@quotemaster/postgres';
import { createRpcServer } from '@quotemaster/rpc';
import { developmentAccessKeyDir } from './config.ts';
import type { UserConfig } from './config.ts';
import { createContext } from './context.ts';
import type { UserDeps } from './context.ts';
import { createAccessKeyRotation } from './jobs/access-key-rotation.ts';
import { createEraser } from './jobs/eraser.ts';
import { createMailSender } from './jobs/mail-sender.ts';
import { createSessionPruner } from './jobs/session-pruner.ts';
import { createHandlers } from './rpc/handlers.ts';
import { tellGateways } from './sessions/tell-gateways.ts';

/** The running service, as main.ts and standalone hold it. */
export interface UserService extends Component {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** True between the end of its start and the beginning of its stop. */
  isReady(): boolean;
  /** Without these it should get no traffic. */
  readonly checks: readonly ReadinessCheck[];
  /** `host:port` of the gRPC server, once started. */
  readonly address: string;
  readonly metrics: Metrics;
}

/** Longer than the RPC server's own drain. */
const stopTimeoutMs = 15_000;

/**
 * Builds the user service: its database, the relay of its outbox, its jobs (cleaning, mail, deletions, keys) and its gRPC server.
 * @throws ConfigError when a store is neither configured nor brought, or a key can't be read.
 */
export function buildUser(config: UserConfig, deps: UserDeps = {}): UserService {
  const context = createContext(config, deps);
  const { clock, logger, metrics, postgres, redis, verifier } = context;
  const server = createRpcServer({
    name: 'user',
    handlers: createHandlers(context),
    verifier,
    logger,
    metrics,
    host: config.host,
    port: config.grpcPort,
    reflection: config.stage !== 'production',
  });
  const relay = createOutboxRelay({ postgres, publish: tellGateways(context), lease: redis.lease, clock, logger, metrics });

  const lifecycle = createLifecycle({ logger, stopTimeoutMs });
  lifecycle.add(postgres);
  if (context.ownsRedis) lifecycle.add({ name: 'redis', start: () => redis.start(), stop: () => redis.stop() });
  lifecycle.add({ name: 'peers', stop: () => context.peers.close() });
  for (const component of [relay, createSessionPruner(context), createMailSender(context), createEraser(context)]) lifecycle.add(component);
  if (config.accessKeyMaxAgeDays > 0) {
    const directory = config.accessKeyDir ?? developmentAccessKeyDir(config.dataDir);
    lifecycle.add(createAccessKeyRotation(context, { directory, maxAgeDays: config.accessKeyMaxAgeDays }));
  }
  lifecycle.add(server);
  return {
    name: 'user',
    start: () => lifecycle.start(),
    stop: () => lifecycle.stop(),
    isReady: () => lifecycle.isReady(),
    checks: [{ name: 'postgres', check: () => postgres.ping() }],
    get address() {
      return server.address;
    },
    metrics,
  };
}
