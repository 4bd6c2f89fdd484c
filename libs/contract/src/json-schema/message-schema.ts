import { getOption } from '@bufbuild/protobuf';
import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import { comments } from '../gen/comments.ts';
import { clearable } from '../gen/quotemaster/common/v1/options_pb.js';
import { fieldSchema, isRequiredInRequest } from './field-schema.ts';
import type { JsonSchema } from './json-schema.ts';

export type SchemaUse = 'request' | 'patch' | 'response';

/**
 * Makes the schema of an object with these fields.
 *
 * Requests: unknown fields are refused; a PATCH needs no field, and `clearable` ones may be null. Responses: every field is
 * there but optional ones without a value; more fields may come with a later version.
 */
export function objectSchema(
  fields: readonly DescField[],
  options: { use: SchemaUse; description?: string | undefined; ref: (message: DescMessage) => JsonSchema },
): JsonSchema {
  const { use, description, ref } = options;
  const properties = Object.fromEntries(
    fields.map((field) => {
      const schema = use === 'response' ? fieldSchema(field, ref) : withoutNul(fieldSchema(field, ref));
      return [field.jsonName, use === 'patch' && getOption(field, clearable) ? nullable(schema) : schema];
    }),
  );
  const required =
    use === 'patch' ? [] : fields.filter(use === 'request' ? isRequiredInRequest : isAlwaysPresent).map((field) => field.jsonName);
  return {
    ...(description === undefined ? {} : { description }),
    type: 'object',
    properties,
    ...(required.length === 0 ? {} : { required }),
    ...(use === 'response' ? {} : { additionalProperties: false }),
    // An empty PATCH would say nothing.
    ...(use === 'patch' ? { minProperties: 1 } : {}),
  };
}

/** No text that we take holds U+0000: Postgres could not keep it. */
function withoutNul(schema: JsonSchema): JsonSchema {
  if (schema.items !== undefined) return { ...schema, items: withoutNul(schema.items) };
  const isFree = schema.pattern === undefined && schema.enum === undefined && schema.format === undefined;
  return schema.type === 'string' && isFree ? { ...schema, pattern: '^[^\\u0000]*$' } : schema;
}

/** Gives the comment of a message. */
export function messageComment(message: DescMessage): string | undefined {
  return comments[message.typeName];
}

/** Lists without items, zeros and false are written; what has presence is written when it is set. */
function isAlwaysPresent(field: DescField): boolean {
  return (
    field.fieldKind === 'list' ||
    field.fieldKind === 'map' ||
    (field.fieldKind === 'scalar' && field.presence === FeatureSet_FieldPresence.IMPLICIT) ||
    isPlainMessage(field)
  );
}

/** A message field without `optional` and outside of a oneof: our services always fill these. */
function isPlainMessage(field: DescField): boolean {
  return field.fieldKind === 'message' && field.oneof === undefined && !field.proto.proto3Optional;
}

/** The same, or null. */
function nullable(schema: JsonSchema): JsonSchema {
  const { type, description, ...rest } = schema;
  // A reference has no type to widen. Elsewhere a choice would tell of every fault twice.
  if (typeof type !== 'string') return { ...(description === undefined ? {} : { description }), anyOf: [rest, { type: 'null' }] };
  return { ...schema, type: [type, 'null'], ...(schema.enum === undefined ? {} : { enum: [...schema.enum, null] }) };
}
