import { createLifecycle } from '@quotemaster/lifecycle';
import type { Component } from '@quotemaster/lifecycle';
import type { Metrics, ReadinessCheck } from '@quotemaster/observe';
import { createIdempotencySweeper, createOutboxRelay } from '@quotemaster/postgres';
import { createRpcServer } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { QuoteConfig } from './config.ts';
import { createContext } from './context.ts';
import type { Context, QuoteDeps } from './context.ts';
import { createQuote } from './rpc/create-quote.ts';
import { deleteQuote } from './rpc/delete-quote.ts';
import { eraseData } from './rpc/erase.ts';
import { exportData } from './rpc/export.ts';
import { favoriteQuote } from './rpc/favorite-quote.ts';
import { generateQuotes } from './rpc/generate-quotes.ts';
import { getQuote } from './rpc/get-quote.ts';
import { listQuotes } from './rpc/list-quotes.ts';
import { streamGenerateQuotes } from './rpc/stream-generate-quotes.ts';
import { unfavoriteQuote } from './rpc/unfavorite-quote.ts';
import { updateQuote } from './rpc/update-quote.ts';

/** The running service, as main.ts and standalone hold it. */
export interface QuoteProgram extends Component {
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
 * Builds the quote service: its RPCs and PrivacyService, the relay of its outbox and the sweeper of its idempotency keys.
 * @throws ConfigError as createContext does.
 */
export function buildQuote(config: QuoteConfig, deps: QuoteDeps = {}): QuoteProgram {
  const context = createContext(config, deps);
  const { logger, metrics, postgres, redis, clock, verifier, ai } = context;
  const rpc = createRpcServer({
    name: 'quote',
    handlers: handlers(context),
    verifier,
    logger,
    metrics,
    host: config.host,
    port: config.grpcPort,
    reflection: config.stage !== 'production',
  });

  const lifecycle = createLifecycle({ logger, stopTimeoutMs });
  lifecycle.add(postgres);
  if (context.ownsRedis) lifecycle.add({ name: 'redis', start: () => redis.start(), stop: () => redis.stop() });
  lifecycle.add({ name: 'ai client', stop: () => ai.close() });
  lifecycle.add(createOutboxRelay({ postgres, publish: (event) => redis.bus.publish(event), lease: redis.lease, clock, logger, metrics }));
  lifecycle.add(createIdempotencySweeper({ postgres, clock }));
  lifecycle.add(rpc);
  return {
    name: 'quote',
    start: () => lifecycle.start(),
    stop: () => lifecycle.stop(),
    isReady: () => lifecycle.isReady(),
    get address() {
      return rpc.address;
    },
    checks: [{ name: 'postgres', check: () => postgres.ping() }],
    metrics,
  };
}

function handlers(context: Context): RpcHandler[] {
  return [
    generateQuotes(context),
    streamGenerateQuotes(context),
    createQuote(context),
    listQuotes(context),
    getQuote(context),
    updateQuote(context),
    deleteQuote(context),
    favoriteQuote(context),
    unfavoriteQuote(context),
    exportData(context),
    eraseData(context),
  ];
}
