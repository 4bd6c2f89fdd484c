import { fromJson, toJson } from '@bufbuild/protobuf';
import type { DescMessage, JsonObject, JsonValue, Message } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import { isFieldError } from '@bufbuild/protobuf/reflect';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { updateMaskField } from '@quotemaster/contract';
import type { RoutedMethod } from '@quotemaster/contract';
import { AppError, commonErrors } from '@quotemaster/errors';

/**
 * Makes the request message of a route from values that its schema has let in. A PATCH gets its mask from the fields that the body names.
 * @throws AppError `common.invalid_request` for the little that only the message can refuse, such as half a character.
 */
export function toRequest({ method, route }: RoutedMethod, parameters: JsonObject, body: JsonObject): Message {
  const values: JsonObject = { ...withoutNulls(body), ...parameters };
  if (route.verb === 'patch') {
    const named = method.input.fields.filter((field) => Object.hasOwn(body, field.jsonName)).map((field) => field.name);
    const mask = method.input.fields.find((field) => field.name === updateMaskField);
    if (mask !== undefined) values[mask.jsonName] = toJson(FieldMaskSchema, { $typeName: 'google.protobuf.FieldMask', paths: named });
  }
  try {
    return fromJson(method.input, values);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const field = isFieldError(cause) ? method.input.fields.find((candidate) => candidate === cause.field())?.jsonName : undefined;
    throw new AppError(commonErrors.invalidRequest, {
      ...(field === undefined ? {} : { fields: [{ field, message: 'is not valid' }] }),
      cause: error,
    });
  }
}

/** Writes a message as the outside sees it: every field that has no presence, int64 as a number. */
export function toAnswer(schema: DescMessage, message: Message): JsonValue {
  const json = toJson(schema, message, { alwaysEmitImplicit: true });
  return holdsInt64(schema, new Set()) ? withNumbers(schema, json) : json;
}

function withoutNulls(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

const int64Holders = new WeakMap<DescMessage, boolean>();
const int64Types: readonly ScalarType[] = [ScalarType.INT64, ScalarType.UINT64, ScalarType.SINT64, ScalarType.FIXED64, ScalarType.SFIXED64];

function holdsInt64(schema: DescMessage, above: Set<DescMessage>): boolean {
  const known = int64Holders.get(schema);
  if (known !== undefined) return known;
  if (above.has(schema)) return false;
  above.add(schema);
  const holds = schema.fields.some(
    (field) =>
      (field.scalar !== undefined && int64Types.includes(field.scalar)) ||
      (field.message !== undefined && holdsInt64(field.message, above)),
  );
  int64Holders.set(schema, holds);
  return holds;
}

/** protobuf's JSON writes int64 as text; ours are bounded to what a number holds. */
function withNumbers(schema: DescMessage, json: JsonValue): JsonValue {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  const copy: JsonObject = { ...json };
  for (const field of schema.fields) {
    const value = copy[field.jsonName];
    if (value === undefined) continue;
    const { message, scalar } = field;
    const convert = (item: JsonValue): JsonValue =>
      message !== undefined ? withNumbers(message, item) : scalar !== undefined && int64Types.includes(scalar) ? Number(item) : item;
    if (field.fieldKind === 'map')
      copy[field.jsonName] = Object.fromEntries(Object.entries(value as JsonObject).map(([name, item]) => [name, convert(item)]));
    else copy[field.jsonName] = Array.isArray(value) ? value.map(convert) : convert(value);
  }
  return copy;
}
