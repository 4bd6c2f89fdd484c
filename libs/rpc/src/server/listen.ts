import { createServer } from 'node:net';
import { ServerCredentials } from '@grpc/grpc-js';
import type { Server } from '@grpc/grpc-js';
import { ConfigError } from '@quotemaster/config';

/**
 * Binds a server and gives the port it got; port 0 takes a free one.
 * @throws ConfigError naming QM_GRPC_PORT when the port can't be had.
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  const bound = await new Promise<number | undefined>((resolve) => {
    server.bindAsync(authority(host, port), ServerCredentials.createInsecure(), (error, boundPort) => resolve(error === null ? boundPort : undefined));
  });
  if (bound !== undefined) return bound;
  throw new ConfigError([{ variable: 'QM_GRPC_PORT', expected: 'a port that can be opened', found: await whyNot(host, port) }]);
}

/** Writes host and port as one text, an IPv6 address in brackets. */
export function authority(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}

/** grpc-js says why in prose only; a plain listener gives the system's code. */
function whyNot(host: string, port: number): Promise<string> {
  const where = `port ${String(port)} on ${host}`;
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'EADDRINUSE' ? `${where}, which is in use` : `${where}, which gives ${error.code ?? error.message}`);
    });
    probe.listen(port, host, () => probe.close(() => resolve(`${where}, which was in use a moment ago`)));
  });
}
