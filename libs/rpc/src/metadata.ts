import type { Metadata } from '@grpc/grpc-js';
import type { TextMapGetter, TextMapSetter } from '@opentelemetry/api';

/** The metadata keys that are ours. */
export const metadataKeys = {
  authorization: 'authorization',
  requestId: 'x-request-id',
  idempotencyKey: 'idempotency-key',
  clientAddress: 'x-qm-client-address',
  clientAgent: 'x-qm-client-agent',
  statusDetails: 'grpc-status-details-bin',
  replayed: 'idempotent-replayed',
} as const;

/** The first text under a key; undefined where there is none. */
export function readText(metadata: Metadata, key: string): string | undefined {
  const value = metadata.get(key)[0];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Writes a text that may hold anything: metadata takes visible ASCII only, so that the rest is percent-encoded. */
export function writeEncoded(metadata: Metadata, key: string, text: string): void {
  metadata.set(key, encodeURIComponent(text));
}

/** Reads what writeEncoded wrote; undefined where it is missing or malformed. */
export function readEncoded(metadata: Metadata, key: string): string | undefined {
  const text = readText(metadata, key);
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign: the value is somebody else's, and not believed.
    return undefined;
  }
}

/** Lets OpenTelemetry's propagators write W3C trace context into metadata, and read it there. */
export const traceSetter: TextMapSetter<Metadata> = {
  set: (metadata, key, value) => {
    metadata.set(key, value);
  },
};

export const traceGetter: TextMapGetter<Metadata> = {
  get: (metadata, key) => readText(metadata, key),
  keys: (metadata) => Object.keys(metadata.getMap()),
};
