import { ScalarType, getOption, hasOption } from '@bufbuild/protobuf';
import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import { field as fieldOption } from '../gen/buf/validate/validate_pb.js';
import type { FieldRules } from '../gen/buf/validate/validate_pb.js';
import { comments } from '../gen/comments.ts';
import type { JsonSchema } from './json-schema.ts';

/** Gives the schema, most often a reference, of a message that a field holds. */
export type MessageSchema = (message: DescMessage) => JsonSchema;

/** Makes the schema of one field: its type in JSON, its limits, its comment. */
export function fieldSchema(field: DescField, messageSchema: MessageSchema): JsonSchema {
  const rules = hasOption(field, fieldOption) ? getOption(field, fieldOption) : undefined;
  const schema = typeSchema(field, rules, messageSchema);
  const description = comments[`${field.parent.typeName}.${field.name}`];
  if (description === undefined) return schema;
  return { description, ...schema };
}

/** Tells whether a request must name the field: a rule says so, or an absent value would break one. */
export function isRequiredInRequest(field: DescField): boolean {
  const rules = hasOption(field, fieldOption) ? getOption(field, fieldOption) : undefined;
  if (rules?.required === true) return true;
  if (field.fieldKind === 'list') return rules?.type.case === 'repeated' && Number(rules.type.value.minItems) > 0;
  // A scalar without presence can't be left out and told apart from its zero.
  return field.fieldKind === 'scalar' && field.presence === FeatureSet_FieldPresence.IMPLICIT && field.scalar !== ScalarType.BOOL;
}

function typeSchema(field: DescField, rules: FieldRules | undefined, messageSchema: MessageSchema): JsonSchema {
  switch (field.fieldKind) {
    case 'scalar':
      return scalarSchema(field.scalar, rules, isSecret(field));
    case 'message':
      return messageOrWellKnown(field.message, messageSchema);
    case 'list': {
      const list = rules?.type.case === 'repeated' ? rules.type.value : undefined;
      const item =
        field.listKind === 'scalar'
          ? scalarSchema(field.scalar, list?.items, false)
          : field.listKind === 'message'
            ? messageOrWellKnown(field.message, messageSchema)
            : refuse(field);
      return {
        type: 'array',
        items: item,
        ...bound('minItems', list?.minItems),
        ...bound('maxItems', list?.maxItems),
        ...(list?.unique === true ? { uniqueItems: true } : {}),
      };
    }
    case 'map': {
      const map = rules?.type.case === 'map' ? rules.type.value : undefined;
      const value =
        field.mapKind === 'scalar'
          ? scalarSchema(field.scalar, map?.values, false)
          : field.mapKind === 'message'
            ? messageOrWellKnown(field.message, messageSchema)
            : refuse(field);
      return {
        type: 'object',
        additionalProperties: value,
        ...bound('minProperties', map?.minPairs),
        ...bound('maxProperties', map?.maxPairs),
      };
    }
    case 'enum':
      return refuse(field);
  }
}

/** Words of closed sets are strings with an `in` rule: the edge knows no enums. */
function refuse(field: DescField): never {
  throw new Error(`${field.parent.typeName}.${field.name}: enums have no place in a message that the edge shows`);
}

function messageOrWellKnown(message: DescMessage, messageSchema: MessageSchema): JsonSchema {
  if (message.typeName === 'google.protobuf.Timestamp') return { type: 'string', format: 'date-time' };
  if (message.typeName === 'google.protobuf.Struct') return { type: 'object' };
  return messageSchema(message);
}

function scalarSchema(scalar: ScalarType, rules: FieldRules | undefined, secret: boolean): JsonSchema {
  switch (scalar) {
    case ScalarType.STRING:
      return { type: 'string', ...stringLimits(rules), ...(secret ? { format: 'password', writeOnly: true } : {}) };
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return { type: 'number', ...numberLimits(rules) };
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1, ...numberLimits(rules) };
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return { type: 'integer', minimum: 0, maximum: 2 ** 32 - 1, ...numberLimits(rules) };
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, ...numberLimits(rules) };
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, ...numberLimits(rules) };
    case ScalarType.BYTES:
      return { type: 'string', format: 'byte' };
  }
}

function stringLimits(rules: FieldRules | undefined): JsonSchema {
  if (rules?.type.case !== 'string') return {};
  const { minLen, maxLen, pattern, in: words, wellKnown } = rules.type.value;
  const formats: Record<string, string> = { email: 'email', uri: 'uri', uuid: 'uuid' };
  const format = wellKnown.case === undefined ? undefined : formats[wellKnown.case];
  return {
    ...bound('minLength', minLen),
    ...bound('maxLength', maxLen),
    ...(pattern === '' ? {} : { pattern }),
    ...(words.length === 0 ? {} : { enum: words }),
    ...(format === undefined ? {} : { format }),
  };
}

function numberLimits(rules: FieldRules | undefined): JsonSchema {
  const numeric = rules?.type;
  switch (numeric?.case) {
    case 'double':
    case 'int32':
    case 'int64':
    case 'uint32': {
      const limits = numeric.value;
      const names = { gte: 'minimum', lte: 'maximum', gt: 'exclusiveMinimum', lt: 'exclusiveMaximum' } as const;
      // A proto2 message: a limit that was not written is not an own property, whatever its default.
      const entries = Object.entries(names).flatMap(([rule, keyword]) => {
        const value: unknown = Object.hasOwn(limits, rule) ? limits[rule as keyof typeof names] : undefined;
        return value === undefined ? [] : [[keyword, Number(value)] as const];
      });
      return { ...Object.fromEntries(entries), ...(limits.in.length === 0 ? {} : { enum: limits.in.map(Number) }) };
    }
    default:
      return {};
  }
}

function bound(keyword: string, value: bigint | undefined): JsonSchema {
  return value === undefined || value === 0n ? {} : { [keyword]: Number(value) };
}

/** Passwords are shown as dots by viewers and never come back. Other redacted fields are private, not secret. */
function isSecret(field: DescField): boolean {
  return field.proto.options?.debugRedact === true && /password|totp/.test(field.name);
}
