import { createServer } from 'node:net';
import { ServerCredentials } from '@grpc/grpc-js';
import type { Server } from '@grpc/grpc-js';
import { toListenError } from '@quotemaster/config';

/**
 * Binds a server and gives the port it got; port 0 takes a free one.
 * @throws ConfigError naming QM_GRPC_PORT when the port can't be had.
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  const bound = await new Promise<number | undefined>((resolve) => {
    server.bindAsync(authority(host, port), ServerCredentials.createInsecure(), (error, boundPort) => resolve(error === null ? boundPort : undefined));
  });
  if (bound !== undefined) return bound;
  throw await whyNot(host, port);
}

/** Writes host and port as one text, an IPv6 address in brackets. */
export function authority(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}

/** grpc-js says why in prose only; a plain listener gives the system's code. */
function whyNot(host: string, port: number): Promise<Error> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve(toListenError(error, 'QM_GRPC_PORT', port)));
    probe.listen(port, host, () => {
      probe.close(() => resolve(new Error(`gRPC could not listen on ${authority(host, port)}, though the port is free now`)));
    });
  });
}
