import { loadServiceKeys } from './service-keys.ts';
import { createServiceIdentity } from './service-identity.ts';
import type { ServiceIdentity } from './service-identity.ts';
import { createServiceVerifier } from './service-verifier.ts';
import type { ServiceVerifier } from './service-verifier.ts';

/**
 * Opens what a service needs to speak and to be spoken to, from its key file and the file with everyone's public keys.
 * @throws ConfigError naming QM_SERVICE_KEY_FILE or QM_SERVICE_JWKS_FILE.
 */
export function openServiceAuth(options: {
  name: string;
  keyFile: string;
  jwksFile: string;
  clock?: { now(): number };
  onReloadError?: (error: unknown) => void;
}): { identity: ServiceIdentity; verifier: ServiceVerifier } {
  const { name, clock = Date } = options;
  const keys = loadServiceKeys(options);
  return { identity: createServiceIdentity({ name, keys, clock }), verifier: createServiceVerifier({ name, keys, clock }) };
}
