import { toBinary } from '@bufbuild/protobuf';
import type { DescFile, DescMessage, DescService, MessageInitShape } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { ServerReflection } from '@quotemaster/contract/rpc';
import type { ServerReflectionRequest, ServerReflectionResponseSchema } from '@quotemaster/contract/rpc';
import { rpcStatusCodes } from '@quotemaster/errors';
import { handleRpc } from '../handler.ts';
import type { RpcHandler } from '../handler.ts';

type Answer = NonNullable<MessageInitShape<typeof ServerReflectionResponseSchema>['messageResponse']>;

/**
 * Creates grpc.reflection.v1 from the descriptors of the services served. Each file comes with all that it imports.
 * @see https://github.com/grpc/grpc/blob/master/doc/server-reflection.md
 */
export function createReflection(services: readonly DescService[]): RpcHandler {
  const files = withImports([...new Set(services.map((service) => service.file))]);
  const byName = new Map(files.map((file) => [`${file.name}.proto`, file]));
  const bySymbol = new Map(files.flatMap((file) => symbolsOf(file).map((symbol): [string, DescFile] => [symbol, file])));
  const extensions = files.flatMap((file) => file.extensions);

  const answer = ({ messageRequest }: ServerReflectionRequest): Answer => {
    switch (messageRequest.case) {
      case 'listServices':
        return { case: 'listServicesResponse', value: { service: services.map(({ typeName }) => ({ name: typeName })) } };
      case 'fileByFilename':
        return filesOr(byName.get(messageRequest.value), 'There is no such file.');
      case 'fileContainingSymbol':
        return filesOr(bySymbol.get(messageRequest.value), 'There is no such symbol.');
      case 'fileContainingExtension': {
        const { containingType, extensionNumber } = messageRequest.value;
        const found = extensions.find(({ extendee, number }) => extendee.typeName === containingType && number === extensionNumber);
        return filesOr(found?.file, 'There is no such extension.');
      }
      case 'allExtensionNumbersOfType': {
        const extensionNumber = extensions.filter(({ extendee }) => extendee.typeName === messageRequest.value).map(({ number }) => number);
        return { case: 'allExtensionNumbersResponse', value: { baseTypeName: messageRequest.value, extensionNumber } };
      }
      case undefined:
        return { case: 'errorResponse', value: { errorCode: rpcStatusCodes.INVALID_ARGUMENT, errorMessage: 'The question is empty.' } };
    }
  };

  return handleRpc(ServerReflection.method.serverReflectionInfo, async function* (requests) {
    for await (const request of requests) yield { validHost: request.host, originalRequest: request, messageResponse: answer(request) };
  });
}

function filesOr(file: DescFile | undefined, missing: string): Answer {
  if (file === undefined) return { case: 'errorResponse', value: { errorCode: rpcStatusCodes.NOT_FOUND, errorMessage: missing } };
  const fileDescriptorProto = withImports([file]).map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto } };
}

/** The files and all that they import, each once and before what it imports. */
function withImports(files: readonly DescFile[]): DescFile[] {
  const seen = new Set<DescFile>();
  const importsFirst: DescFile[] = [];
  const visit = (file: DescFile): void => {
    if (seen.has(file)) return;
    seen.add(file);
    file.dependencies.forEach(visit);
    importsFirst.push(file);
  };
  files.forEach(visit);
  return importsFirst.reverse();
}

function symbolsOf(file: DescFile): string[] {
  return [
    ...file.services.flatMap((service) => [service.typeName, ...service.methods.map((method) => `${service.typeName}.${method.name}`)]),
    ...file.messages.flatMap(messageSymbols),
    ...file.enums.map(({ typeName }) => typeName),
    ...file.extensions.map(({ typeName }) => typeName),
  ];
}

function messageSymbols(message: DescMessage): string[] {
  return [message.typeName, ...message.nestedMessages.flatMap(messageSymbols), ...message.nestedEnums.map(({ typeName }) => typeName)];
}
