import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parsePrivateKey, toPublicJwk } from './jwk.ts';
import type { Jwk, SigningKey, SigningKeys } from './jwk.ts';
import { makeDirectory, replaceFile, writeNewPrivateKey } from './key-files.ts';
import { ConfigError, createRereading, fileStamp } from '@quotemaster/config';
import type { RereadingOptions } from '@quotemaster/config';

/**
 * Names the key of a service: its name, a slash, the key's thumbprint. The name in front binds the key to its service:
 * whoever holds the key of "quote" can't sign as "user", although both stand in one file.
 */
export function serviceKid(name: string, thumbprint: string): string {
  return `${name}/${thumbprint}`;
}

/** Gives the service to which a key is bound, undefined where its kid names none. */
export function serviceOfKid(kid: string): string | undefined {
  const slash = kid.indexOf('/');
  return slash > 0 ? kid.slice(0, slash) : undefined;
}

/**
 * Loads the private key of one service and the public keys of all. Both files are read again when they change.
 * @throws ConfigError naming QM_SERVICE_KEY_FILE or QM_SERVICE_JWKS_FILE.
 */
export function loadServiceKeys(options: { name: string; keyFile: string; jwksFile: string } & Partial<RereadingOptions>): SigningKeys {
  const { name, keyFile, jwksFile, clock = Date, onReloadError } = options;
  const current = createRereading(
    () => readServiceKey(name, keyFile),
    () => stampOf('QM_SERVICE_KEY_FILE', keyFile),
    { clock, onReloadError },
  );
  const jwks = createRereading(
    () => readJwks(jwksFile),
    () => stampOf('QM_SERVICE_JWKS_FILE', jwksFile),
    { clock, onReloadError },
  );
  return { current, jwks };
}

/** Where development keys are; `keyFile` gives the path of one service's private key. */
export interface DevelopmentServiceKeys {
  readonly jwksFile: string;
  keyFile(name: string): string;
}

/**
 * Makes what is missing of `<dataDir>/keys/services`: a private key a service (0600) and the file with all public keys.
 * For development; safe when several processes do it at once.
 */
export function ensureDevelopmentServiceKeys(dataDir: string, names: readonly string[]): DevelopmentServiceKeys {
  const directory = join(dataDir, 'keys', 'services');
  makeDirectory(directory);
  const keyFile = (name: string): string => join(directory, `${name}.pem`);
  const jwksFile = join(directory, 'jwks.json');
  for (const name of names) writeNewPrivateKey(keyFile(name));
  const list = (): string[] => readdirSync(directory).filter((file) => file.endsWith('.pem'));
  // Another process may add a key between our look and our writing: the file is whole once a look after it finds no more.
  let known: readonly string[];
  do {
    known = list().sort();
    const keys = known.map((file) => {
      const { key, kid } = readServiceKey(basename(file, '.pem'), join(directory, file));
      return toPublicJwk(key, kid);
    });
    replaceFile(jwksFile, `${JSON.stringify({ keys }, null, 2)}\n`, 0o644);
  } while (list().length !== known.length);
  return { jwksFile, keyFile };
}

function readServiceKey(name: string, file: string): SigningKey {
  try {
    const key = parsePrivateKey(readFileSync(file, 'utf8'));
    return { key, kid: serviceKid(name, toPublicJwk(key).kid) };
  } catch (error) {
    throw unusable('QM_SERVICE_KEY_FILE', 'a P-256 private key in PEM', file, error);
  }
}

function readJwks(file: string): readonly Jwk[] {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const keys = typeof parsed === 'object' && parsed !== null && 'keys' in parsed ? parsed.keys : undefined;
    if (!Array.isArray(keys) || !keys.every(isJwk)) throw new Error('it is no JWK set of P-256 public keys');
    return keys;
  } catch (error) {
    throw unusable('QM_SERVICE_JWKS_FILE', 'a JWK set (RFC 7517)', file, error);
  }
}

function isJwk(value: unknown): value is Jwk {
  if (typeof value !== 'object' || value === null || 'd' in value) return false;
  const jwk: Partial<Record<keyof Jwk, unknown>> = value;
  return jwk.kty === 'EC' && jwk.crv === 'P-256' && [jwk.x, jwk.y, jwk.kid].every((member) => typeof member === 'string');
}

function stampOf(variable: string, file: string): string {
  try {
    return fileStamp(file);
  } catch (error) {
    throw unusable(variable, 'a file that can be read', file, error);
  }
}

function unusable(variable: string, expected: string, file: string, error: unknown): ConfigError {
  return new ConfigError([{ variable, expected, found: `${file}: ${error instanceof Error ? error.message : 'unreadable'}` }]);
}
