import type { DescMethod, DescService } from '@bufbuild/protobuf';
import type { ServiceIdentity } from '@quotemaster/auth';
import { ownerOf } from '@quotemaster/contract';
import type { Metrics } from '@quotemaster/observe';
import { createRpcClient } from '@quotemaster/rpc';
import type { RpcClientHandle } from '@quotemaster/rpc';

/** The services behind the gateway. */
export interface Backends {
  /** The client of the service that answers an RPC; undefined where this gateway was not told its address. */
  clientOf(method: DescMethod): RpcClientHandle | undefined;
  close(): void;
}

/** Creates one client for each service of the contract whose owner has an address. */
export function createBackends(options: {
  services: readonly DescService[];
  addresses: Readonly<Record<string, string>>;
  identity: ServiceIdentity;
  metrics: Metrics;
}): Backends {
  const { services, addresses, identity, metrics } = options;
  const clients = new Map(
    services.flatMap((service) => {
      const callee = ownerOf(service);
      const address = addresses[callee];
      return address === undefined ? [] : [[service.typeName, createRpcClient(service, { address, callee, identity, metrics })] as const];
    }),
  );
  return {
    clientOf: (method) => clients.get(method.parent.typeName),
    close: () => {
      for (const client of clients.values()) client.close();
    },
  };
}
