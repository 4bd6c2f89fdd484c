import { createSecureContext } from 'node:tls';
import { credentials } from '@grpc/grpc-js';
import type { ChannelCredentials, ChannelOptions } from '@grpc/grpc-js';
import type { PeerTls, ServiceIdentity } from '@quotemaster/auth';

/** One for all clients of a process with the same certificates, so that those of one address share a connection. */
const shared = new WeakMap<PeerTls, ChannelCredentials>();

/**
 * Chooses how a channel is secured: mutual TLS 1.3 where the caller has certificates, in clear elsewhere.
 *
 * The callee must show a certificate issued to its name ("quote"), wherever it runs: addresses change, names don't.
 */
export function channelSecurity({ tls }: ServiceIdentity, callee: string): { credentials: ChannelCredentials; options: ChannelOptions } {
  if (tls === undefined) return { credentials: credentials.createInsecure(), options: {} };
  const known =
    shared.get(tls) ??
    credentials.createFromSecureContext(createSecureContext({ ca: tls.ca, cert: tls.cert, key: tls.key, minVersion: 'TLSv1.3' }));
  shared.set(tls, known);
  return { credentials: known, options: { 'grpc.ssl_target_name_override': callee, 'grpc.default_authority': callee } };
}
