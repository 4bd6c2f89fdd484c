import { createLifecycle } from '@quotemaster/lifecycle';
import type { Component } from '@quotemaster/lifecycle';
import type { Metrics, ReadinessCheck } from '@quotemaster/observe';
import { createRpcServer } from '@quotemaster/rpc';
import type { AiOrchestratorConfig } from './config.ts';
import { createContext } from './context.ts';
import type { AiOrchestratorDeps } from './context.ts';
import { complete } from './rpc/complete.ts';
import { streamComplete } from './rpc/stream-complete.ts';

/** The running service, as main.ts and standalone hold it. */
export interface AiOrchestrator extends Component {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** True between the end of its start and the beginning of its stop. */
  isReady(): boolean;
  /** Without these it should get no traffic; it keeps nothing outside its process. */
  readonly checks: readonly ReadinessCheck[];
  /** `host:port` of the gRPC server, once started. */
  readonly address: string;
  readonly metrics: Metrics;
}

/** Longer than the RPC server's own drain. */
const stopTimeoutMs = 15_000;

/**
 * Builds ai-orchestrator: its providers and its gRPC server.
 * @throws ConfigError as createContext does.
 */
export function buildAiOrchestrator(config: AiOrchestratorConfig, deps: AiOrchestratorDeps = {}): AiOrchestrator {
  const context = createContext(config, deps);
  const { logger, metrics, verifier } = context;
  const rpc = createRpcServer({
    name: 'ai-orchestrator',
    handlers: [complete(context), streamComplete(context)],
    verifier,
    logger,
    metrics,
    host: config.host,
    port: config.grpcPort,
    reflection: config.stage !== 'production',
  });

  const lifecycle = createLifecycle({ logger, stopTimeoutMs });
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
