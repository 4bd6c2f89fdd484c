import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, DescMethod, Message } from '@bufbuild/protobuf';

/** The HTTP/2 path of an RPC, "/quotemaster.quote.v1.QuoteService/GetQuote". */
export function methodPath(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}

/** Serialises a message, or the initialiser of one. */
export function encode(schema: DescMessage, message: object): Buffer {
  const bytes = toBinary(schema, isMessageOf(schema, message) ? message : create(schema, { ...message }));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** @throws Error when the bytes are no such message. */
export function decode(schema: DescMessage, bytes: Buffer): Message {
  return fromBinary(schema, bytes);
}

/** Bytes as they are: grpc-js frames them, and messages are read and written where their faults can be told. */
export function asIs(bytes: Buffer): Buffer {
  return bytes;
}

function isMessageOf(schema: DescMessage, message: object): message is Message {
  return '$typeName' in message && message.$typeName === schema.typeName;
}
