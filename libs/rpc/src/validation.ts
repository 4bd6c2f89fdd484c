import type { DescMessage, Message } from '@bufbuild/protobuf';
import type { Path } from '@bufbuild/protobuf/reflect';
import { createValidator } from '@bufbuild/protovalidate';
import { patternSentence } from '@quotemaster/contract';
import { AppError, commonErrors } from '@quotemaster/errors';

/** One validator for the process: it compiles the rules of a message once and keeps them. */
const validator = createValidator();

/**
 * Checks a message against the buf.validate rules of its fields.
 * @throws AppError `common.invalid_request` with every fault, its path in JSON names ("tags[0]"); for U+0000 in a text, with the first.
 */
export function requireValid(schema: DescMessage, message: Message): void {
  const nul = findNul(message, '');
  if (nul !== undefined)
    throw new AppError(commonErrors.invalidRequest, { fields: [{ field: nul, message: 'holds the character U+0000' }] });
  const result = validator.validate(schema, message);
  if (result.kind === 'valid') return;
  if (result.kind === 'error') throw result.error;
  const byField = new Map<string, string>();
  for (const { field, message: sentence } of result.violations) {
    const path = toJsonPath(field);
    // What is empty breaks more than one rule; of a field the first says enough.
    if (!byField.has(path)) byField.set(path, readable(sentence));
  }
  throw new AppError(commonErrors.invalidRequest, {
    reason: `${schema.typeName} breaks ${String(result.violations.length)} rules`,
    fields: [...byField].map(([field, sentence]) => ({ field, message: sentence })),
  });
}

function readable(sentence: string): string {
  const pattern = /^does not match regex pattern `(?<pattern>.*)`$/s.exec(sentence)?.groups?.['pattern'];
  return pattern === undefined ? sentence : patternSentence(pattern);
}

/** Gives the path of the first text that holds U+0000: no text of ours does, and Postgres could not keep it. */
function findNul(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return value.includes('\0') ? path : undefined;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    // A oneof holds its field's name and its value.
    const step = name === 'value' && 'case' in value ? '' : Array.isArray(value) ? `[${name}]` : path === '' ? name : `.${name}`;
    const found = findNul(inner, `${path}${step}`);
    if (found !== undefined) return found;
  }
  return undefined;
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
