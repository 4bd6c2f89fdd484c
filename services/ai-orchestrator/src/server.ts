import { createLifecycle } from '@quotemaster/lifecycle';
import type { Component } from '@quotemaster/lifecycle';
import type { Metrics, ReadinessCheck } from '@quotemaster/observe';
import { createRpcServer } from '@quotemaster/rpc';
import type { RpcHandler } from '@quotemaster/rpc';
import type { AiOrchestratorConfig } from './config.ts';
import { createContext } from './context.ts';
import type { Context, AiOrchestratorDeps } from './context.ts';
import { createOverridePoll } from './jobs/override-poll.ts';
import { chat } from './rpc/chat.ts';
import { complete } from './rpc/complete.ts';
import { embed } from './rpc/embed.ts';
import { eraseData } from './rpc/erase.ts';
import { exportData } from './rpc/export.ts';
import { getDecision } from './rpc/get-decision.ts';
import { listModels } from './rpc/list-models.ts';
import { listProviders } from './rpc/list-providers.ts';
import { streamChat } from './rpc/stream-chat.ts';
import { streamComplete } from './rpc/stream-complete.ts';
import { transcribe } from './rpc/transcribe.ts';
import { updateProvider } from './rpc/update-provider.ts';

/** The running service, as main.ts and standalone hold it. */
export interface AiOrchestrator extends Component {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** True between the end of its start and the beginning of its stop. */
  isReady(): boolean;
  /** Without these it should get no traffic: it needs neither its stores nor any provider to answer, so there are none. */
  readonly checks: readonly ReadinessCheck[];
  /** `host:port` of the gRPC server, once started. */
  readonly address: string;
  readonly metrics: Metrics;
}

/** Longer than the RPC server's own drain. */
const stopTimeoutMs = 15_000;

/**
 * Builds ai-orchestrator: its providers, its gRPC server, and the jobs beside them.
 * @throws ConfigError as createContext does.
 */
export function buildAiOrchestrator(config: AiOrchestratorConfig, deps: AiOrchestratorDeps = {}): AiOrchestrator {
  const context = createContext(config, deps);
  const { logger, metrics, verifier, postgres, redis } = context;
  const rpc = createRpcServer({
    name: 'ai-orchestrator',
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
  lifecycle.add(context.decisions);
  lifecycle.add(createOverridePoll({ store: context.overrides, pool: context.pool, logger }));
  lifecycle.add(context.health);
  lifecycle.add(rpc);
  return {
    name: 'ai-orchestrator',
    start: () => lifecycle.start(),
    stop: () => lifecycle.stop(),
    isReady: () => lifecycle.isReady(),
    checks: [],
    get address() {
      return rpc.address;
    },
    metrics,
  };
}

function handlers(context: Context): RpcHandler[] {
  return [
    complete(context),
    streamComplete(context),
    chat(context),
    streamChat(context),
    embed(context),
    transcribe(context),
    listModels(context),
    getDecision(context),
    listProviders(context),
    updateProvider(context),
    exportData(context),
    eraseData(context),
  ];
}
