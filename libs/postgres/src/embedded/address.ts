import { createHmac } from 'node:crypto';
import { Secret } from '@quotemaster/config';

/** Where an embedded server answers, and to whom. */
export interface EmbeddedAddress {
  /** The superuser's address. */
  readonly adminUrl: Secret;
  readonly port: number;
  /** The address of a service's app role, with a password of its own: pass it to migrate(), which makes the role. */
  appUrl(service: string): Secret;
}

/** Derives every address of an embedded server from its port and its superuser's password. */
export function embeddedAddress(port: number, password: Secret): EmbeddedAddress {
  const address = (user: string, secret: string): Secret =>
    new Secret(`postgres://${user}:${encodeURIComponent(secret)}@127.0.0.1:${String(port)}/postgres`);
  return {
    adminUrl: address('postgres', password.reveal()),
    port,
    appUrl: (service) => address(`qm_${service}_app`, createHmac('sha256', password.reveal()).update(service).digest('base64url')),
  };
}
