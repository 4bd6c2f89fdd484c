import type { JsonSchema } from '../json-schema/json-schema.ts';
import { messageExamples, fieldExamples } from './examples.ts';

/** Gives the schema that a reference names. */
export type ResolveSchema = (name: string) => JsonSchema | undefined;

const depthMax = 8;

/**
 * Makes an example of a schema: from the catalogue by the field's name, else the least that its limits allow.
 * @param name the field's, or the schema's own.
 */
export function exampleOf(schema: JsonSchema, name: string, resolve: ResolveSchema, depth = 0): unknown {
  if (schema.$ref !== undefined) {
    const target = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
    return messageExamples[target] ?? exampleOf(resolve(target) ?? {}, target, resolve, depth);
  }
  if (messageExamples[name] !== undefined) return messageExamples[name];
  const type = typeof schema.type === 'object' ? schema.type.find((one) => one !== 'null') : schema.type;
  if (type === undefined && schema.anyOf?.[0] !== undefined) return exampleOf(schema.anyOf[0], name, resolve, depth);
  if (type === 'object') return objectExample(schema, name, resolve, depth);
  if (type === 'array') return depth > depthMax ? [] : [exampleOf(schema.items ?? {}, name, resolve, depth + 1)];
  return scalarExample(schema, type, fieldExamples[name]);
}

function objectExample(schema: JsonSchema, name: string, resolve: ResolveSchema, depth: number): unknown {
  if (depth > depthMax) return {};
  const { properties = {}, additionalProperties } = schema;
  const own = Object.entries(properties).map(([key, value]) => [key, exampleOf(value, key, resolve, depth + 1)] as const);
  const isMap = typeof additionalProperties === 'object' && own.length === 0;
  return isMap ? { [name]: exampleOf(additionalProperties, name, resolve, depth + 1) } : Object.fromEntries(own);
}

function scalarExample(schema: JsonSchema, type: string | undefined, known: unknown): unknown {
  if (known !== undefined && typeof known === (type === 'integer' ? 'number' : type) && fits(schema, known)) return known;
  if (schema.enum !== undefined) return schema.enum[0];
  switch (type) {
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 0, 0);
    default:
      return textExample(schema);
  }
}

function textExample({ format, pattern, minLength = 0 }: JsonSchema): string {
  if (format === 'date-time') return '2026-11-23T08:30:00Z';
  if (format === 'uuid') return '01995f3e-8c1a-7d2e-9b4f-3a6c1d8e5f70';
  if (format === 'uri') return 'https://example.org';
  if (format === 'byte') return '';
  if (pattern === '^[0-9]{6}$') return '492039';
  return 'example'.padEnd(minLength, '.');
}

/** Whether the catalogue's word is within this field's limits. */
function fits({ enum: words, pattern, minLength = 0, maxLength = Infinity, maximum = Infinity }: JsonSchema, value: unknown): boolean {
  if (words !== undefined) return words.includes(value);
  if (typeof value === 'number') return value <= maximum;
  if (typeof value !== 'string') return true;
  return value.length >= minLength && value.length <= maxLength && (pattern === undefined || new RegExp(pattern, 'u').test(value));
}
