import type { JsonSchema } from '@quotemaster/contract';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { Request } from 'express';

const integerPattern = /^(?:0|-?[1-9]\d{0,15})$/;
const numberPattern = /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/;

/**
 * Reads path variables and query as the values that their schema names: numbers and booleans are written plainly, nothing else is one.
 * What can't be one is left as text, so that the schema refuses it by name.
 * @throws AppError `common.invalid_request` for a parameter that is there twice.
 */
export function readParameters(request: Request, pathNames: Readonly<Record<string, string>>, schema: JsonSchema): Record<string, unknown> {
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of new URL(request.originalUrl, 'http://gateway').searchParams) {
    if (name in values)
      throw new AppError(commonErrors.invalidRequest, { fields: [{ field: name.slice(0, 100), message: 'is there more than once' }] });
    values[name] = typed(value, schema.properties?.[name]);
  }
  for (const [variable, name] of Object.entries(pathNames)) {
    const value = request.params[variable];
    values[name] = typed(typeof value === 'string' ? value : '', schema.properties?.[name]);
  }
  return values;
}

function typed(text: string, schema: JsonSchema | undefined): unknown {
  switch (schema?.type) {
    case 'integer':
      return integerPattern.test(text) ? Number(text) : text;
    case 'number':
      return numberPattern.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    default:
      return text;
  }
}
