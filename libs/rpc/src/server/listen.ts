import { createServer } from 'node:net';
import { ServerCredentials } from '@grpc/grpc-js';
import type { Server } from '@grpc/grpc-js';
import type { PeerTls } from '@quotemaster/auth';
import { toListenError } from '@quotemaster/config';

/**
 * Binds a server and gives the port it got; port 0 takes a free one.
 * @throws ConfigError naming QM_GRPC_PORT when the port can't be had.
 */
export async function listen(server: Server, host: string, port: number, tls?: PeerTls): Promise<number> {
  // grpc-js tells a failed bind in prose, on stderr besides; a plain listener gives the system's code, and quietly.
  if (port !== 0) await requireFree(host, port);
  return new Promise((resolve, reject) => {
    server.bindAsync(authority(host, port), toCredentials(tls), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
}

/** With certificates, who calls must show one of the same authority. */
function toCredentials(tls: PeerTls | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  return ServerCredentials.createSsl(tls.ca, [{ cert_chain: tls.cert, private_key: tls.key }], true);
}

/** Writes host and port as one text, an IPv6 address in brackets. */
export function authority(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}

function requireFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => reject(toListenError(error, 'QM_GRPC_PORT', port)));
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}
