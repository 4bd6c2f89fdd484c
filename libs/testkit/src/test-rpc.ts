import type { DescService } from '@bufbuild/protobuf';
import { createMetrics } from '@quotemaster/observe';
import type { Metrics } from '@quotemaster/observe';
import { createRpcClient, createRpcServer } from '@quotemaster/rpc';
import type { RpcClient, RpcClientHandle, RpcHandler, RpcServer, RpcServerOptions } from '@quotemaster/rpc';
import { createMemoryLog } from './memory-log.ts';
import type { MemoryLog } from './memory-log.ts';
import { createTestIdentity } from './test-identity.ts';
import type { TestIdentities } from './test-identity.ts';

export const serviceNames = ['gateway', 'user', 'quote', 'voice', 'analytics', 'ai-orchestrator'] as const;

/** A gRPC server on a free port of this machine, its log and metrics, and clients that call it. */
export interface TestRpc {
  readonly server: RpcServer;
  readonly log: MemoryLog;
  readonly metrics: Metrics;
  readonly identities: TestIdentities;
  /** A client that calls as the service named; the gateway where none is. Closed by `stop`. */
  clientOf<S extends DescService>(service: S, as?: string): RpcClient<S> & RpcClientHandle;
  /** Closes the clients, then stops the server. */
  stop(): Promise<void>;
}

/** Starts the server of a service in a test. */
export async function startTestRpc(
  name: string,
  handlers: readonly RpcHandler[],
  options: { identities?: TestIdentities } & Partial<
    Pick<RpcServerOptions, 'port' | 'reflection' | 'maxConnectionAgeMs' | 'graceMs' | 'drainMs'>
  > = {},
): Promise<TestRpc> {
  const { identities = createTestIdentity(serviceNames), ...overrides } = options;
  const log = createMemoryLog(name);
  const metrics = createMetrics({ service: name });
  const server = createRpcServer({
    name,
    handlers,
    verifier: identities.verifierOf(name),
    logger: log.logger,
    metrics,
    port: 0,
    reflection: true,
    ...overrides,
  });
  await server.start();
  const clients: RpcClientHandle[] = [];
  return {
    server,
    log,
    metrics,
    identities,
    clientOf(service, as = 'gateway') {
      const client = createRpcClient(service, { address: server.address, callee: name, identity: identities.identityOf(as), metrics });
      clients.push(client);
      return client;
    },
    async stop() {
      for (const client of clients) client.close();
      await server.stop();
    },
  };
}
