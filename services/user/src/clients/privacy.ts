import type { ServiceIdentity } from '@quotemaster/auth';
import { PrivacyService } from '@quotemaster/contract/privacy';
import type { ExportResponse } from '@quotemaster/contract/privacy';
import type { Metrics } from '@quotemaster/observe';
import { createRpcClient } from '@quotemaster/rpc';
import type { ParentCall, RpcClient, RpcClientHandle } from '@quotemaster/rpc';

const exportTimeoutMs = 60_000;
const eraseTimeoutMs = 60_000;

/** Every other service that keeps data about people. */
export interface PrivacyPeers {
  /** Their names, in order. */
  readonly names: readonly string[];
  /** Everything one of them keeps about the user of a call, a record at a time. */
  export(name: string, userId: string, parent: ParentCall): AsyncIterable<ExportResponse>;
  /** Removes everything one of them keeps about a user, for nobody's call: a deletion outlives its account. */
  erase(name: string, userId: string, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Creates the clients when they are first needed: `addresses` may not be known before all services have started. */
export function createPrivacyPeers(options: {
  names: readonly string[];
  addressOf: (name: string) => string;
  identity: ServiceIdentity;
  metrics: Metrics;
}): PrivacyPeers {
  const { names, addressOf, identity, metrics } = options;
  const clients = new Map<string, RpcClient<typeof PrivacyService> & RpcClientHandle>();
  const clientOf = (name: string): RpcClient<typeof PrivacyService> => {
    const client = clients.get(name) ?? createRpcClient(PrivacyService, { address: addressOf(name), callee: name, identity, metrics });
    clients.set(name, client);
    return client;
  };
  return {
    names: [...names].sort(),
    export: (name, userId, parent) => clientOf(name).export({ userId }, { parent, timeoutMs: exportTimeoutMs }),
    async erase(name, userId, signal) {
      await clientOf(name).erase({ userId }, { timeoutMs: eraseTimeoutMs, actor: { kind: 'job' }, signal });
    },
    close: () => {
      for (const client of clients.values()) client.close();
    },
  };
}
