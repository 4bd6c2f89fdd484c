import { status as Status } from '@grpc/grpc-js';
import type { Metadata, StatusObject } from '@grpc/grpc-js';
import type { DescMethod, Message } from '@bufbuild/protobuf';
import type { ServiceIdentity } from '@quotemaster/auth';
import { AppError, commonErrors, parseRpcStatus } from '@quotemaster/errors';
import { decode } from '../codec.ts';
import { fromErrorStatus, isDeclaredEnd } from '../error-status.ts';
import { metadataKeys, readText } from '../metadata.ts';
import type { RpcTelemetry } from '../telemetry.ts';
import { abortError, requireOpen, toMetadata } from './outgoing.ts';
import type { Outgoing } from './outgoing.ts';

/** What all calls of one client share. */
export interface Caller {
  readonly callee: string;
  readonly identity: ServiceIdentity;
  readonly telemetry: RpcTelemetry;
}

/** How an attempt failed; `isRoadFault` when no handler of the callee had a word in it and the callee was out of reach. */
export interface Failure {
  readonly error: AppError;
  readonly isRoadFault: boolean;
}

/** One try at a call: its metadata, its span, and its cancellation for as long as it runs. */
export interface Attempt {
  readonly metadata: Metadata;
  /** Cancels the call when the options' signal fires. */
  watch(call: { cancel(): void }): void;
  /** Ends it with the status that grpc-js gave; undefined for OK. */
  end(status: StatusObject): Failure | undefined;
}

/** Begins an attempt. @throws AppError when the call is cancelled already or out of time. */
export function beginAttempt({ callee, identity, telemetry }: Caller, method: DescMethod, outgoing: Outgoing): Attempt {
  requireOpen(outgoing);
  const { signal, onTrailer } = outgoing;
  const metadata = toMetadata(outgoing, identity, callee);
  const observed = telemetry.begin(method, metadata);
  let cancel = (): void => undefined;
  return {
    metadata,
    watch(call) {
      cancel = () => call.cancel();
      signal?.addEventListener('abort', cancel, { once: true });
    },
    end(status) {
      signal?.removeEventListener('abort', cancel);
      if (status.code === Status.OK) {
        observed.end('OK');
        onTrailer?.({ replayed: readText(status.metadata, metadataKeys.replayed) === 'true' });
        return undefined;
      }
      observed.end(parseRpcStatus(status.code));
      return toFailure(status, signal, callee);
    },
  };
}

/** Reads an answer. @throws AppError `common.internal` when the callee sent something else. */
export function readAnswer(method: DescMethod, bytes: Buffer, callee: string): Message {
  try {
    return decode(method.output, bytes);
  } catch (error) {
    throw new AppError(commonErrors.internal, {
      reason: `${callee} answered with bytes that are no ${method.output.typeName}`,
      cause: error,
    });
  }
}

function toFailure(status: StatusObject, signal: AbortSignal | undefined, callee: string): Failure {
  const isDeclared = isDeclaredEnd(status);
  if (!isDeclared && status.code === Status.CANCELLED) {
    if (signal?.aborted === true) return { error: abortError(signal), isRoadFault: false };
    // Nobody here cancelled: the callee's server was shut down under the call.
    return { error: new AppError(commonErrors.unavailable, { reason: `${callee} cut the call: ${status.details}` }), isRoadFault: true };
  }
  return { error: fromErrorStatus(status, callee), isRoadFault: !isDeclared && status.code === Status.UNAVAILABLE };
}
