import { loadPeerTls } from './peer-tls.ts';
import type { PeerTlsFiles } from './peer-tls.ts';
import { loadServiceKeys } from './service-keys.ts';
import { createServiceIdentity } from './service-identity.ts';
import type { ServiceIdentity } from './service-identity.ts';
import { createServiceVerifier } from './service-verifier.ts';
import type { ServiceVerifier } from './service-verifier.ts';

/**
 * Opens what a service needs to speak and to be spoken to, from its key file and the file with everyone's public keys.
 * @throws ConfigError naming QM_SERVICE_KEY_FILE, QM_SERVICE_JWKS_FILE or QM_PEER_TLS_CERT_FILE.
 */
export function openServiceAuth(options: {
  name: string;
  keyFile: string;
  jwksFile: string;
  tls?: PeerTlsFiles | undefined;
  clock?: { now(): number };
  onReloadError?: (error: unknown) => void;
}): { identity: ServiceIdentity; verifier: ServiceVerifier } {
  const { name, clock = Date } = options;
  const keys = loadServiceKeys(options);
  const tls = options.tls === undefined ? undefined : loadPeerTls(options.tls);
  return { identity: createServiceIdentity({ name, keys, tls, clock }), verifier: createServiceVerifier({ name, keys, tls, clock }) };
}
