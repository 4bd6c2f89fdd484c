import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '@quotemaster/config';
import type { ConfigReader } from '@quotemaster/config';
import type { Logger } from '@quotemaster/observe';

/** Where the certificate (with its chain, PEM) and its private key are. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What a server is given of them. */
export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Older versions have been broken too often, and everything that calls us speaks this one. */
  readonly minVersion: 'TLSv1.3';
}

const lookEveryMs = 5_000;

/** Reads QM_TLS_CERT_FILE and QM_TLS_KEY_FILE: both, or neither where TLS is ended before the gateway. */
export function readTlsFiles(reader: ConfigReader): TlsFiles | undefined {
  const certFile = reader.optionalString('QM_TLS_CERT_FILE');
  const keyFile = reader.optionalString('QM_TLS_KEY_FILE');
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  if (certFile !== undefined)
    reader.fault({ variable: 'QM_TLS_KEY_FILE', expected: "the file of the certificate's key", found: 'nothing' });
  if (keyFile !== undefined)
    reader.fault({ variable: 'QM_TLS_CERT_FILE', expected: "the file of the key's certificate", found: 'nothing' });
  return undefined;
}

/** Reads both and makes sure that they belong together. @throws ConfigError naming QM_TLS_CERT_FILE. */
export function loadTls(files: TlsFiles): TlsMaterial {
  try {
    const material: TlsMaterial = { cert: readFileSync(files.certFile), key: readFileSync(files.keyFile), minVersion: 'TLSv1.3' };
    createSecureContext(material);
    return material;
  } catch (error) {
    throw new ConfigError([
      {
        variable: 'QM_TLS_CERT_FILE',
        expected: 'a certificate in PEM, and in QM_TLS_KEY_FILE its key',
        found: error instanceof Error ? error.message : 'unreadable files',
      },
    ]);
  }
}

/**
 * Looks every five seconds whether the files have changed, and gives what is in them then. What can't be used is told in the log, and
 * the certificate in use stays.
 * @returns what ends it.
 */
export function watchTls(files: TlsFiles, { apply, logger }: { apply(material: TlsMaterial): void; logger: Logger }): () => void {
  let seen = stampOf(files);
  const timer = setInterval(() => {
    const stamp = stampOf(files);
    if (stamp === seen) return;
    try {
      apply(loadTls(files));
      seen = stamp;
      logger.info({}, 'the certificate was read again');
    } catch (error) {
      logger.error({ err: error }, 'a changed certificate could not be read; the one in use stays');
    }
  }, lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

function stampOf({ certFile, keyFile }: TlsFiles): string {
  try {
    return [certFile, keyFile]
      .map((file) => statSync(file))
      .map(({ ino, mtimeMs, size }) => [ino, mtimeMs, size].join(':'))
      .join(' ');
  } catch {
    // In the middle of being replaced: the next look finds them.
    return 'missing';
  }
}
