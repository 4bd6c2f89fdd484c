import { createHash } from 'node:crypto';
import { toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';

/** Gives the fingerprint by which a repeated request is known: SHA-256 of its binary form, whose fields have one order. */
export function fingerprint<T extends DescMessage>(schema: T, request: MessageShape<T>): string {
  return createHash('sha256').update(toBinary(schema, request, { writeUnknownFields: false })).digest('hex');
}
