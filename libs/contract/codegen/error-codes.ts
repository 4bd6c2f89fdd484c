import type { DescFile } from '@bufbuild/protobuf';
import { getOption } from '@bufbuild/protobuf';
import { errors as errorsOption } from '../src/gen/quotemaster/common/v1/options_pb.js';

/**
 * Writes the errors that the services of `files` declare as one TypeScript module.
 *
 * Each service gets a constant `<service>Errors` whose keys are the codes' last parts in lowerCamelCase.
 * @throws Error when two services declare one code, or a code is not `<area>.<what>`.
 */
export function errorCodesModule(files: readonly DescFile[]): string {
  const seen = new Map<string, string>();
  const blocks: string[] = [];
  for (const file of files) {
    for (const service of file.services) {
      const declared = getOption(service, errorsOption);
      if (declared.length === 0) continue;
      const entries = declared.map((error) => {
        if (!/^[a-z]+\.[a-z_]+$/.test(error.code)) throw new Error(`${service.typeName}: bad error code "${error.code}"`);
        const other = seen.get(error.code);
        if (other !== undefined) throw new Error(`${error.code} is declared by ${other} and by ${service.typeName}`);
        seen.set(error.code, service.typeName);
        const definition = {
          code: error.code,
          status: error.status,
          ...(error.httpStatus === 0 ? {} : { httpStatus: error.httpStatus }),
          title: error.title,
          detail: error.detail,
          help: error.help,
          retryable: error.retryable,
        };
        const key = camelCase(error.code.slice(error.code.indexOf('.') + 1));
        return `  ${key}: ${JSON.stringify(definition)},`;
      });
      const name = camelCase(service.name.replace(/Service$/, '').replace(/^[A-Z]/, (c) => c.toLowerCase()));
      blocks.push(`/** Errors declared by ${service.typeName}. */\nexport const ${name}Errors = {\n${entries.join('\n')}\n} as const;\n`);
    }
  }
  return `// Generated from proto/ by \`make gen\`. Do not edit.\n\n${blocks.join('\n')}`;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
