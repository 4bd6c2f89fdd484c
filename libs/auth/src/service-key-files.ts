import type { ConfigReader } from '@quotemaster/config';
import type { PeerTlsFiles } from './peer-tls.ts';
import { openServiceAuth } from './service-auth.ts';
import type { ServiceIdentity } from './service-identity.ts';
import { ensureDevelopmentServiceKeys } from './service-keys.ts';
import type { ServiceVerifier } from './service-verifier.ts';

/** Where a service's own key is, and everyone's public keys. */
export interface ServiceKeyFiles {
  readonly keyFile: string;
  readonly jwksFile: string;
  /** Absent: calls between services are not encrypted by us. */
  readonly tls?: PeerTlsFiles;
}

/**
 * Reads QM_SERVICE_KEY_FILE and QM_SERVICE_JWKS_FILE: both, or neither, for keys that are made in the data folder. With them, for mutual
 * TLS, QM_PEER_TLS_CA_FILE, QM_PEER_TLS_CERT_FILE and QM_PEER_TLS_KEY_FILE: all or none.
 * `required` makes neither a fault: production has no fallbacks.
 */
export function readServiceKeyFiles(reader: ConfigReader, { required }: { required: boolean }): ServiceKeyFiles | undefined {
  const keyFile = reader.optionalString('QM_SERVICE_KEY_FILE');
  const jwksFile = reader.optionalString('QM_SERVICE_JWKS_FILE');
  const tls = readPeerTlsFiles(reader);
  if (keyFile !== undefined && jwksFile !== undefined) return { keyFile, jwksFile, ...(tls === undefined ? {} : { tls }) };
  if (tls !== undefined)
    reader.fault({
      variable: 'QM_PEER_TLS_CERT_FILE',
      expected: 'nothing without QM_SERVICE_KEY_FILE',
      found: JSON.stringify(tls.certFile),
    });
  if (required || keyFile !== undefined || jwksFile !== undefined) {
    if (keyFile === undefined)
      reader.fault({ variable: 'QM_SERVICE_KEY_FILE', expected: "the file of this service's key", found: 'nothing' });
    if (jwksFile === undefined) {
      reader.fault({ variable: 'QM_SERVICE_JWKS_FILE', expected: "the file of all services' public keys", found: 'nothing' });
    }
  }
  return undefined;
}

function readPeerTlsFiles(reader: ConfigReader): PeerTlsFiles | undefined {
  const names = ['QM_PEER_TLS_CA_FILE', 'QM_PEER_TLS_CERT_FILE', 'QM_PEER_TLS_KEY_FILE'] as const;
  const [caFile, certFile, keyFile] = names.map((name) => reader.optionalString(name));
  if (caFile !== undefined && certFile !== undefined && keyFile !== undefined) return { caFile, certFile, keyFile };
  const missing = names.filter((name) => reader.optionalString(name) === undefined);
  if (missing.length < names.length)
    for (const variable of missing)
      reader.fault({ variable, expected: 'a file, as the other two of mutual TLS are set', found: 'nothing' });
  return undefined;
}

/**
 * Opens the identity of a service as its config has it; without files, makes development keys in the data folder first.
 * @throws ConfigError naming QM_SERVICE_KEY_FILE or QM_SERVICE_JWKS_FILE.
 */
export function openConfiguredServiceAuth(
  config: { readonly serviceKeys: ServiceKeyFiles | undefined; readonly dataDir: string },
  options: { name: string; clock?: { now(): number }; logger: { error(fields: object, message: string): void } },
): { identity: ServiceIdentity; verifier: ServiceVerifier } {
  const { logger, ...rest } = options;
  return openServiceAuth({
    ...rest,
    ...(config.serviceKeys ?? developmentKeyFiles(config.dataDir, options.name)),
    onReloadError: (error) => {
      logger.error({ err: error }, 'a changed key file could not be read; the keys in use stay');
    },
  });
}

function developmentKeyFiles(dataDir: string, name: string): ServiceKeyFiles {
  const { keyFile, jwksFile } = ensureDevelopmentServiceKeys(dataDir, [name]);
  return { keyFile: keyFile(name), jwksFile };
}
