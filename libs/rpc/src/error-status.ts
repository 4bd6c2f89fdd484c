import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { anyPack, anyUnpack } from '@bufbuild/protobuf/wkt';
import { Metadata } from '@grpc/grpc-js';
import type { StatusObject } from '@grpc/grpc-js';
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema, StatusSchema } from '@quotemaster/contract/rpc';
import type { BadRequest, ErrorInfo, RetryInfo, Status } from '@quotemaster/contract/rpc';
import { AppError, commonErrors, isAppError, parseRpcStatus, rpcStatusCodes } from '@quotemaster/errors';
import { findErrorDefinition, genericErrorDefinition } from './error-registry.ts';
import { metadataKeys } from './metadata.ts';

const errorDomain = 'quotemaster';
/** An error travels in HTTP/2 trailers, which hold some 64 KiB in all. */
const detailLengthMax = 1_000;
const faultsMax = 50;
const faultLengthMax = 250;

/** gRPC's own end of a call that failed, as grpc-js takes it from a handler. */
export interface ErrorStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/**
 * Turns whatever was thrown into the AppError that the caller may see.
 *
 * An AppError whose code is declared goes on with its public sentence. Anything else becomes `common.internal`, with
 * the original as its cause, for the log alone.
 */
export function toAppError(error: unknown): AppError {
  if (isAppError(error)) {
    if (findErrorDefinition(error.code) !== undefined) return error;
    return new AppError(commonErrors.internal, { reason: `the undeclared code ${error.code}: ${error.message}`, cause: error });
  }
  return new AppError(commonErrors.internal, {
    reason: error instanceof Error ? error.message : 'something was thrown that is no Error',
    cause: error,
  });
}

/** Writes an AppError as gRPC's end of a call. */
export function toErrorStatus(error: AppError): ErrorStatus {
  const status = toRpcStatus(error);
  const metadata = new Metadata();
  metadata.set(metadataKeys.statusDetails, Buffer.from(toBinary(StatusSchema, status)));
  return { code: status.code, details: status.message, metadata };
}

/** Writes an AppError as google.rpc.Status with ErrorInfo, BadRequest and RetryInfo. The private sentence stays behind. */
export function toRpcStatus(error: AppError): Status {
  const details = [
    anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { reason: error.code, domain: errorDomain, metadata: { ...error.metadata } })),
  ];
  if (error.fields.length > 0) {
    const fieldViolations = error.fields
      .slice(0, faultsMax)
      .map(({ field, message }) => ({ field: clip(field, faultLengthMax), description: clip(message, faultLengthMax) }));
    details.push(anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations })));
  }
  if (error.retryAfterMs !== undefined) {
    const seconds = Math.floor(error.retryAfterMs / 1_000);
    const retryDelay = { seconds: BigInt(seconds), nanos: Math.round((error.retryAfterMs - seconds * 1_000) * 1e6) };
    details.push(anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay })));
  }
  return create(StatusSchema, { code: rpcStatusCodes[error.status], message: clip(error.detail, detailLengthMax), details });
}

/**
 * Reads the end of a failed call back into an AppError.
 *
 * A code that is declared brings its public sentence, fields, retry time and metadata. Any other end gives the generic
 * error of its gRPC status with our own sentence: nothing that a callee or grpc-js wrote reaches a user, and what is
 * worth knowing goes into the private sentence.
 */
export function fromErrorStatus(status: Pick<StatusObject, 'code' | 'details' | 'metadata'>, callee: string): AppError {
  const name = parseRpcStatus(status.code);
  const sent = readDetails(status.metadata);
  const definition = sent?.info === undefined ? undefined : findErrorDefinition(sent.info.reason);
  if (sent?.info === undefined || definition === undefined) {
    const code = sent?.info === undefined ? '' : ` with the undeclared code ${sent.info.reason}`;
    return new AppError(genericErrorDefinition(name), { reason: `${callee} answered ${name}${code}: ${status.details}` });
  }
  const { retryDelay } = sent.retry ?? {};
  const isInternal = definition.code === commonErrors.internal.code;
  return new AppError(definition, {
    reason: `${callee} answered ${definition.code}`,
    ...(isInternal || sent.message === '' ? {} : { detail: sent.message }),
    fields: (sent.badRequest?.fieldViolations ?? []).map(({ field, description }) => ({ field, message: description })),
    metadata: sent.info.metadata,
    ...(retryDelay === undefined ? {} : { retryAfterMs: Number(retryDelay.seconds) * 1_000 + retryDelay.nanos / 1e6 }),
  });
}

/** Tells whether a handler ended the call with an error of ours, rather than grpc-js or the road. */
export function isDeclaredEnd(status: Pick<StatusObject, 'metadata'>): boolean {
  return readDetails(status.metadata)?.info !== undefined;
}

interface SentDetails {
  readonly message: string;
  readonly info: ErrorInfo | undefined;
  readonly badRequest: BadRequest | undefined;
  readonly retry: RetryInfo | undefined;
}

function readDetails(metadata: Metadata): SentDetails | undefined {
  const bytes = metadata.get(metadataKeys.statusDetails)[0];
  if (!Buffer.isBuffer(bytes)) return undefined;
  try {
    const { message, details } = fromBinary(StatusSchema, bytes);
    const info = details.map((detail) => anyUnpack(detail, ErrorInfoSchema)).find((detail) => detail?.domain === errorDomain);
    const badRequest = details.map((detail) => anyUnpack(detail, BadRequestSchema)).find((detail) => detail !== undefined);
    const retry = details.map((detail) => anyUnpack(detail, RetryInfoSchema)).find((detail) => detail !== undefined);
    return { message, info, badRequest, retry };
  } catch {
    // Bytes that are no Status: the gRPC status alone counts.
    return undefined;
  }
}

/** Half a surrogate pair, which a cut can leave behind, would make grpc-js throw where nobody catches. */
function clip(text: string, lengthMax: number): string {
  return text.slice(0, lengthMax).toWellFormed();
}
