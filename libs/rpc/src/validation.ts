import type { DescMessage, Message } from '@bufbuild/protobuf';
import type { Path } from '@bufbuild/protobuf/reflect';
import { createValidator } from '@bufbuild/protovalidate';
import { AppError, commonErrors } from '@quotemaster/errors';

/** One validator for the process: it compiles the rules of a message once and keeps them. */
const validator = createValidator();

/**
 * Checks a message against the buf.validate rules of its fields.
 * @throws AppError `common.invalid_request` with every fault, its path in JSON names ("tags[0]").
 */
export function requireValid(schema: DescMessage, message: Message): void {
  const result = validator.validate(schema, message);
  if (result.kind === 'valid') return;
  if (result.kind === 'error') throw result.error;
  const fields = result.violations.map((violation) => ({ field: toJsonPath(violation.field), message: violation.message }));
  throw new AppError(commonErrors.invalidRequest, {
    reason: `${schema.typeName} breaks ${String(result.violations.length)} rules`,
    fields,
  });
}

function toJsonPath(path: Path): string {
  return path.reduce((text, step) => {
    switch (step.kind) {
      case 'list_sub':
        return `${text}[${String(step.index)}]`;
      case 'map_sub':
        return `${text}[${JSON.stringify(String(step.key))}]`;
      case 'field':
        return text === '' ? step.jsonName : `${text}.${step.jsonName}`;
      case 'oneof':
      case 'extension':
        return text === '' ? step.name : `${text}.${step.name}`;
    }
  }, '');
}
