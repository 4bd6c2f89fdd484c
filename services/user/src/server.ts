import { createLifecycle } from '@quotemaster/lifecycle';
import type { Component } from '@quotemaster/lifecycle';
import type { Metrics, ReadinessCheck } from '@quotemaster/observe';
import { createOutboxRelay } from '@quotemaster/postgres';
import { createRpcServer } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { UserConfig } from './config.ts';
import { createContext } from './context.ts';
import type { Context, UserDeps } from './context.ts';
import { createSessionPruner } from './jobs/session-pruner.ts';
import { checkSession } from './rpc/check-session.ts';
import { getJwks } from './rpc/get-jwks.ts';
import { getMe } from './rpc/get-me.ts';
import { login } from './rpc/login.ts';
import { logout } from './rpc/logout.ts';
import { refresh } from './rpc/refresh.ts';
import { register } from './rpc/register.ts';
import { updateMe } from './rpc/update-me.ts';

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
 * Builds the user service: its database, the relay of its outbox, its hourly cleaning and its gRPC server.
 * @throws ConfigError when a store is neither configured nor brought, or a key can't be read.
 */
export function buildUser(config: UserConfig, deps: UserDeps = {}): UserService {
  const context = createContext(config, deps);
  const { clock, logger, metrics, postgres, redis, verifier } = context;
  const server = createRpcServer({
    name: 'user',
    handlers: handlers(context),
    verifier,
    logger,
    metrics,
    host: config.host,
    port: config.grpcPort,
    reflection: config.stage !== 'production',
  });
  const relay = createOutboxRelay({ postgres, publish: (event) => redis.bus.publish(event), lease: redis.lease, clock, logger, metrics });

  const lifecycle = createLifecycle({ logger, stopTimeoutMs });
  lifecycle.add(postgres);
  if (context.ownsRedis) lifecycle.add({ name: 'redis', start: () => redis.start(), stop: () => redis.stop() });
  for (const component of [relay, createSessionPruner(context), server]) lifecycle.add(component);
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

function handlers(context: Context): RpcHandler[] {
  return [register, login, refresh, logout, getJwks, checkSession, getMe, updateMe].map((handler) => handler(context));
}
