import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '@quotemaster/config';

/** Where the certificates are with which services prove themselves to each other on the wire, PEM each. */
export interface PeerTlsFiles {
  /** Who signs them. */
  readonly caFile: string;
  /** This service's own, issued to its name as DNS name ("quote"), with its chain. */
  readonly certFile: string;
  readonly keyFile: string;
}

/** What is in those files. */
export interface PeerTls {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Reads them and makes sure that they belong together. @throws ConfigError naming QM_PEER_TLS_CERT_FILE. */
export function loadPeerTls({ caFile, certFile, keyFile }: PeerTlsFiles): PeerTls {
  try {
    const material: PeerTls = { ca: readFileSync(caFile), cert: readFileSync(certFile), key: readFileSync(keyFile) };
    createSecureContext(material);
    return material;
  } catch (error) {
    throw new ConfigError([
      {
        variable: 'QM_PEER_TLS_CERT_FILE',
        expected: 'a certificate in PEM, with its key in QM_PEER_TLS_KEY_FILE and its authority in QM_PEER_TLS_CA_FILE',
        found: error instanceof Error ? error.message : 'unreadable files',
      },
    ]);
  }
}
