import { ScalarType, getOption } from '@bufbuild/protobuf';
import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { field as fieldOption } from './gen/buf/validate/validate_pb.js';
import type { FieldRules } from './gen/buf/validate/validate_pb.js';

/**
 * Finds what a request lets in without a bound: texts, bytes, lists and maps need an upper limit each, down to the last message.
 *
 * Also found: patterns that JSON Schema, whose dialect is ECMA-262's, can't repeat.
 * @returns one sentence a fault; empty when all is well.
 */
export function checkLimits(message: DescMessage, above: readonly DescMessage[] = []): string[] {
  if (above.includes(message) || message.typeName.startsWith('google.protobuf.')) return [];
  return message.fields.flatMap((field) => {
    const here = isBounded(field) ? [] : [`lets in ${field.name} of ${message.name} without an upper limit`];
    const patterns = patternsOf(rulesOf(field)).filter((pattern) => !isPattern(pattern));
    return [
      ...here,
      ...patterns.map((pattern) => `has the pattern ${pattern} on ${field.name} of ${message.name}, which ECMA-262 does not know`),
      ...(field.message === undefined ? [] : checkLimits(field.message, [...above, message])),
    ];
  });
}

function isBounded(field: DescField): boolean {
  const rules = rulesOf(field);
  switch (field.fieldKind) {
    case 'list':
      return rules.type.case === 'repeated' && rules.type.value.maxItems > 0n && isBoundedScalar(field.scalar, rules.type.value.items);
    case 'map':
      return (
        rules.type.case === 'map' &&
        rules.type.value.maxPairs > 0n &&
        isBoundedScalar(field.mapKey, rules.type.value.keys) &&
        isBoundedScalar(field.scalar, rules.type.value.values)
      );
    case 'scalar':
      return isBoundedScalar(field.scalar, rules);
    default:
      return true;
  }
}

function isBoundedScalar(scalar: ScalarType | undefined, rules: FieldRules | undefined): boolean {
  if (scalar === ScalarType.BYTES) return rules?.type.case === 'bytes' && rules.type.value.maxLen > 0n;
  if (scalar !== ScalarType.STRING) return true;
  if (rules?.type.case !== 'string') return false;
  const { maxLen, in: words, wellKnown } = rules.type.value;
  return maxLen > 0n || words.length > 0 || wellKnown.case === 'uuid';
}

function patternsOf(rules: FieldRules | undefined): string[] {
  if (rules === undefined) return [];
  if (rules.type.case === 'string') return [rules.type.value.pattern];
  if (rules.type.case === 'repeated') return patternsOf(rules.type.value.items);
  return rules.type.case === 'map' ? [...patternsOf(rules.type.value.keys), ...patternsOf(rules.type.value.values)] : [];
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function rulesOf(field: DescField): FieldRules {
  return getOption(field, fieldOption);
}
