import { randomUUID } from 'node:crypto';
import type { Metadata } from '@grpc/grpc-js';
import { requireActor, requireCaller } from '@quotemaster/auth';
import type { ServiceVerifier, VerifiedCaller } from '@quotemaster/auth';
import type { ErrorDefinition } from '@quotemaster/errors';
import { AppError, commonErrors, isAppError } from '@quotemaster/errors';
import type { ClientInfo } from '../call.ts';
import { metadataKeys, readEncoded, readText } from '../metadata.ts';
import type { Admission } from './route.ts';

/** The service that alone speaks for the outside. */
const edge = 'gateway';
const bearer = 'Bearer ';
const saneRequestId = /^[\x21-\x7e]{1,128}$/;
const unknownCaller: VerifiedCaller = { caller: 'anybody', actor: { kind: 'none' } };

/**
 * A service did not prove who it is, or may not call this RPC at all.
 *
 * It travels as a bare gRPC status without an error code: what one service may ask of another says nothing to the
 * person at the edge, who must not be told to sign in because a key is wrong.
 */
export class CallerRefused extends Error {
  readonly definition: ErrorDefinition;

  constructor(definition: ErrorDefinition, reason: string) {
    super(reason);
    this.definition = definition;
  }
}

/**
 * Establishes who calls for whom, and checks it against the route's admission.
 * @throws CallerRefused for the service, AppError `auth.unauthenticated` or `auth.forbidden` for the actor.
 */
export function admit(admission: Admission, verifier: ServiceVerifier, metadata: Metadata): VerifiedCaller {
  if (admission.kind === 'anybody') return unknownCaller;
  const caller = asCallerRefused(() => verifier.verify(readBearer(metadata)));
  if (admission.kind === 'contract') {
    asCallerRefused(() => requireCaller(admission.access, caller.caller));
    requireActor(admission.access, caller.actor);
  }
  return caller;
}

/** The caller's request id where it is a sane one, else a new one. */
export function readRequestId(metadata: Metadata): string {
  const sent = readText(metadata, metadataKeys.requestId);
  return sent !== undefined && saneRequestId.test(sent) ? sent : randomUUID();
}

/** Where the outside call came from; only the gateway is believed. */
export function readClient(metadata: Metadata, caller: string): ClientInfo | undefined {
  if (caller !== edge) return undefined;
  const address = readEncoded(metadata, metadataKeys.clientAddress);
  return address === undefined ? undefined : { address, userAgent: readEncoded(metadata, metadataKeys.clientAgent) ?? '' };
}

function readBearer(metadata: Metadata): string {
  const text = readText(metadata, metadataKeys.authorization);
  if (text?.startsWith(bearer) !== true) throw new AppError(commonErrors.unauthenticated, { reason: 'the call bears no service token' });
  return text.slice(bearer.length);
}

function asCallerRefused<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw isAppError(error) ? new CallerRefused(error.definition, error.message) : error;
  }
}
