import { createHash } from 'node:crypto';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { AuthenticationResponseJSON, AuthenticatorTransport, RegistrationResponseJSON } from '@simplewebauthn/server';
import { passkeyErrors } from '@quotemaster/contract/user';
import { AppError } from '@quotemaster/errors';

/** How long a browser has to answer a challenge. */
export const challengeTtlMs = 5 * 60_000;
const title = 'Quote Master Pro';

/** A credential as it is stored. */
export interface StoredCredential {
  readonly credentialId: Buffer;
  /** COSE. */
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly transports: readonly string[];
}

export interface NewCredential extends StoredCredential {
  readonly backedUp: boolean;
}

/** WebAuthn as this site speaks it. Challenges are kept by the caller, under `hashChallenge`. */
export interface WebAuthn {
  registrationOptions(user: { id: string; name: string }, existing: readonly StoredCredential[]): Promise<Options>;
  authenticationOptions(): Promise<Options>;
  /** @throws AppError `passkey.invalid` */
  verifyRegistration(response: unknown): Promise<NewCredential>;
  /**
   * @param options.requireUserVerification whether the authenticator must have asked for finger, face or PIN: where it stands alone.
   * @throws AppError `passkey.invalid`, also for a counter that went back: the credential may have been copied.
   */
  verifyAuthentication(
    response: unknown,
    credential: StoredCredential,
    options: { requireUserVerification: boolean },
  ): Promise<{ counter: number; backedUp: boolean }>;
}

interface Options {
  readonly challenge: string;
  /** What the browser gets. */
  readonly json: object;
}

/** The names under which browsers know this site. */
export interface RelyingParty {
  /** A domain. */
  readonly id: string;
  readonly origins: readonly string[];
}

/** Gives what browsers call the site at a URL. Its address in numbers is no name for them: on this machine that is `localhost`. */
export function relyingPartyOf(publicUrl: string): RelyingParty {
  const { hostname, origin, port, protocol } = new URL(publicUrl);
  if (!/^(127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) return { id: hostname, origins: [origin] };
  return { id: 'localhost', origins: [origin, `${protocol}//localhost${port === '' ? '' : `:${port}`}`] };
}

/** Reads the challenge that a browser says it has answered, and gives its hash. @throws AppError `passkey.invalid` */
export function challengeOf(response: unknown): Buffer {
  try {
    const { clientDataJSON } = (response as { response: { clientDataJSON: unknown } }).response;
    if (typeof clientDataJSON !== 'string') throw new TypeError('clientDataJSON is no string');
    const { challenge } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8')) as { challenge: unknown };
    if (typeof challenge !== 'string') throw new TypeError('the challenge is no string');
    return hashChallenge(challenge);
  } catch (error) {
    throw invalid(error);
  }
}

export function hashChallenge(challenge: string): Buffer {
  return createHash('sha256').update(challenge).digest();
}

/** Reads the id of the credential that a browser has used. @throws AppError `passkey.invalid` */
export function credentialIdOf(response: unknown): Buffer {
  const id = (response as { id?: unknown } | null)?.id;
  if (typeof id !== 'string' || id === '' || id.length > 1_364) throw invalid(new TypeError('the credential has no id'));
  return Buffer.from(id, 'base64url');
}

/** Creates it for one site. */
export function createWebAuthn({ id, origins }: RelyingParty): WebAuthn {
  // The challenge was found by its hash, so it is one of ours, and spent by now.
  const expected = { expectedChallenge: () => true, expectedOrigin: [...origins], expectedRPID: id };
  return {
    async registrationOptions(user, existing) {
      const json = await generateRegistrationOptions({
        rpName: title,
        rpID: id,
        userID: new Uint8Array(Buffer.from(user.id.replaceAll('-', ''), 'hex')),
        userName: user.name,
        timeout: challengeTtlMs,
        attestationType: 'none',
        excludeCredentials: existing.map(({ credentialId, transports }) => ({
          id: credentialId.toString('base64url'),
          transports: [...transports],
        })),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
      });
      return { challenge: json.challenge, json };
    },
    async authenticationOptions() {
      const json = await generateAuthenticationOptions({ rpID: id, timeout: challengeTtlMs, userVerification: 'preferred' });
      return { challenge: json.challenge, json };
    },
    async verifyRegistration(response) {
      const { verified, registrationInfo } = await checked(() =>
        verifyRegistrationResponse({ ...expected, response: response as RegistrationResponseJSON, requireUserVerification: false }),
      );
      if (!verified) throw invalid(new Error('not verified'));
      const { credential, credentialBackedUp } = registrationInfo;
      return {
        credentialId: Buffer.from(credential.id, 'base64url'),
        publicKey: Buffer.from(credential.publicKey),
        counter: credential.counter,
        transports: (credential.transports ?? []).slice(0, 10).map((transport) => transport.slice(0, 40)),
        backedUp: credentialBackedUp,
      };
    },
    async verifyAuthentication(response, credential, { requireUserVerification }) {
      const { verified, authenticationInfo } = await checked(() =>
        verifyAuthenticationResponse({
          ...expected,
          response: response as AuthenticationResponseJSON,
          credential: {
            id: credential.credentialId.toString('base64url'),
            publicKey: new Uint8Array(credential.publicKey),
            counter: credential.counter,
            transports: credential.transports as AuthenticatorTransport[],
          },
          requireUserVerification,
        }),
      );
      if (!verified) throw invalid(new Error('not verified'));
      return { counter: authenticationInfo.newCounter, backedUp: authenticationInfo.credentialBackedUp };
    },
  };
}

/** The library throws plain errors for all that is wrong with an answer. */
async function checked<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (error) {
    throw invalid(error);
  }
}

function invalid(cause: unknown): AppError {
  return new AppError(passkeyErrors.invalid, { reason: cause instanceof Error ? cause.message : 'unverifiable', cause });
}
