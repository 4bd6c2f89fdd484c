import type { JsonSchema } from '@quotemaster/contract';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { Request } from 'express';

const integerPattern = /^(?:0|-?[1-9]\d{0,15})$/;
const numberPattern = /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/;

/**
 * Reads path variables and query as the values that their schema names: numbers and booleans are written plainly, nothing else is one.
 * What can't be one is left as text, so that the schema refuses it by name.
 * @throws AppError `common.invalid_request` for a parameter that is there twice or holds U+0000, and for a query that is no
 * percent-encoded UTF-8.
 */
export function readParameters(request: Request, pathNames: Readonly<Record<string, string>>, schema: JsonSchema): Record<string, unknown> {
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of new URLSearchParams(queryOf(request))) {
    if (name in values) throw fault(name, 'is there more than once');
    // No text of ours holds it, and Postgres could not keep it.
    if (value.includes('\0')) throw fault(name, 'must not hold the character U+0000');
    values[name] = typed(value, schema.properties?.[name]);
  }
  for (const [variable, name] of Object.entries(pathNames)) {
    const value = request.params[variable];
    values[name] = typed(typeof value === 'string' ? value : '', schema.properties?.[name]);
  }
  return values;
}

function fault(name: string, message: string): AppError {
  return new AppError(commonErrors.invalidRequest, { fields: [{ field: name.slice(0, 100), message }] });
}

function queryOf({ originalUrl }: Request): string {
  const start = originalUrl.indexOf('?');
  const query = start === -1 ? '' : originalUrl.slice(start + 1);
  try {
    // URLSearchParams would put replacement characters where this throws.
    decodeURIComponent(query);
  } catch (error) {
    throw new AppError(commonErrors.invalidRequest, { detail: 'The query is not percent-encoded UTF-8.', cause: error });
  }
  return query;
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
