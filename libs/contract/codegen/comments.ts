import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { DescriptorProto, FileDescriptorProto } from '@bufbuild/protobuf/wkt';

/**
 * Writes the comments of the contract as one TypeScript module: full name to text. Generated messages do not carry them.
 * @param image a file descriptor set with source info, as `buf build` writes it.
 */
export function commentsModule(image: Uint8Array): string {
  const comments = new Map<string, string>();
  for (const file of fromBinary(FileDescriptorSetSchema, image).file) {
    if (!file.package.startsWith('quotemaster.')) continue;
    for (const { path, leadingComments } of file.sourceCodeInfo?.location ?? []) {
      const name = nameAt(file, path);
      const text = leadingComments.trim().replace(/\s*\n\s*/g, ' ');
      if (name !== undefined && text !== '') comments.set(name, text);
    }
  }
  const entries = [...comments]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => `  ${JSON.stringify(name)}: ${JSON.stringify(text)},`);
  return `// Generated from proto/ by \`make gen\`. Do not edit.\n\n/** Comments of the contract by full name. */\nexport const comments: Readonly<Record<string, string>> = {\n${entries.join('\n')}\n};\n`;
}

/** Gives the full name of what stands at a path of field numbers in FileDescriptorProto. */
function nameAt(file: FileDescriptorProto, path: readonly number[]): string | undefined {
  const [kind, index = 0, ...rest] = path;
  if (kind === 4) return nameInMessage(file.package, file.messageType[index], rest);
  if (kind !== 6) return undefined;
  const service = file.service[index];
  if (service === undefined) return undefined;
  if (rest.length === 0) return `${file.package}.${service.name}`;
  if (rest.length !== 2 || rest[0] !== 2) return undefined;
  return `${file.package}.${service.name}.${service.method[rest[1] ?? 0]?.name ?? ''}`;
}

function nameInMessage(scope: string, message: DescriptorProto | undefined, path: readonly number[]): string | undefined {
  if (message === undefined) return undefined;
  const name = `${scope}.${message.name}`;
  const [kind, index = 0, ...rest] = path;
  if (kind === undefined) return name;
  if (kind === 3) return nameInMessage(name, message.nestedType[index], rest);
  return kind === 2 && rest.length === 0 ? `${name}.${message.field[index]?.name ?? ''}` : undefined;
}
