import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/**
 * Writes the list of all services of the contract as one TypeScript module.
 * @param image a file descriptor set, as `buf build` writes it.
 */
export function servicesModule(image: Uint8Array): string {
  const services = fromBinary(FileDescriptorSetSchema, image)
    .file.filter((file) => file.package.startsWith('quotemaster.'))
    .flatMap((file) => file.service.map((service) => ({ name: service.name, path: `./${file.name.replace(/\.proto$/, '_pb.js')}` })))
    .sort((a, b) => (a.path + a.name < b.path + b.name ? -1 : 1));
  return [
    '// Generated from proto/ by `make gen`. Do not edit.',
    "import type { DescService } from '@bufbuild/protobuf';",
    ...services.map(({ name, path }) => `import { ${name} } from '${path}';`),
    '',
    '/** Every service of the contract. */',
    `export const contractServices: readonly DescService[] = [${services.map(({ name }) => name).join(', ')}];`,
    '',
  ].join('\n');
}
