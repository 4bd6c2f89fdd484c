import { create, createFileRegistry, setExtension } from '@bufbuild/protobuf';
import type { GenService } from '@bufbuild/protobuf/codegenv2';
import {
  FileDescriptorProtoSchema,
  MethodDescriptorProtoSchema,
  MethodOptionsSchema,
  MethodOptions_IdempotencyLevel as IdempotencyLevel,
  file_google_protobuf_wrappers,
} from '@bufbuild/protobuf/wkt';
import type { MethodDescriptorProto, StringValueSchema } from '@bufbuild/protobuf/wkt';
import { AccessSchema, access } from '@quotemaster/contract/common';

type Text = typeof StringValueSchema;
const text = '.google.protobuf.StringValue';

/** One RPC of each kind, from text to text; the contract has no stream of requests yet. */
type EchoMethods = {
  say: { methodKind: 'unary'; input: Text; output: Text };
  change: { methodKind: 'unary'; input: Text; output: Text };
  count: { methodKind: 'server_streaming'; input: Text; output: Text };
  join: { methodKind: 'client_streaming'; input: Text; output: Text };
  chat: { methodKind: 'bidi_streaming'; input: Text; output: Text };
};

function method(
  name: string,
  fields: Partial<Pick<MethodDescriptorProto, 'clientStreaming' | 'serverStreaming'>>,
  idempotencyLevel: IdempotencyLevel,
): MethodDescriptorProto {
  const options = create(MethodOptionsSchema, { idempotencyLevel });
  setExtension(options, access, create(AccessSchema, { callers: ['gateway', 'quote'], timeoutMs: 5_000 }));
  return create(MethodDescriptorProtoSchema, { name, inputType: text, outputType: text, options, ...fields });
}

const file = create(FileDescriptorProtoSchema, {
  name: 'test/v1/echo.proto',
  package: 'test.v1',
  syntax: 'proto3',
  dependency: ['google/protobuf/wrappers.proto'],
  service: [
    {
      name: 'EchoService',
      method: [
        method('Say', {}, IdempotencyLevel.NO_SIDE_EFFECTS),
        method('Change', {}, IdempotencyLevel.IDEMPOTENCY_UNKNOWN),
        method('Count', { serverStreaming: true }, IdempotencyLevel.NO_SIDE_EFFECTS),
        method('Join', { clientStreaming: true }, IdempotencyLevel.IDEMPOTENCY_UNKNOWN),
        method('Chat', { clientStreaming: true, serverStreaming: true }, IdempotencyLevel.IDEMPOTENCY_UNKNOWN),
      ],
    },
  ],
});

const found = createFileRegistry(file, (name) =>
  name === 'google/protobuf/wrappers.proto' ? file_google_protobuf_wrappers : undefined,
).getService('test.v1.EchoService');
if (found === undefined) throw new Error('the echo service was not built');

/** A service made for tests, with the same access on each RPC: the gateway and quote may call, for anybody, within 5 s. */
export const EchoService = found as unknown as GenService<EchoMethods>;
