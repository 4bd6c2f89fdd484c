import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';

/** A JSON Schema, as far as the document uses it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
}

export type Resolve = (ref: string) => Schema;

/** Values that fit a schema. Long texts and large numbers are among them, at the bounds above all. */
export function fitting(schema: Schema, resolve: Resolve): Arbitrary<unknown> {
  if (schema.$ref !== undefined) return fitting(resolve(schema.$ref), resolve);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => fitting(one, resolve)));
  if (Array.isArray(schema.type)) return fc.oneof(...schema.type.map((type: string) => fitting({ ...schema, type }, resolve)));
  switch (schema.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer': {
      const { minimum: min = -1_000_000, maximum: max = 1_000_000 } = schema;
      return fc.oneof(fc.constantFrom(min, max), fc.integer({ min: Math.max(min, -(2 ** 31)), max: Math.min(max, 2 ** 31 - 1) }));
    }
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9, noNaN: true });
    case 'array':
      return fc.uniqueArray(fitting(schema.items ?? {}, resolve), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, 20),
        comparator: (a, b) => schema.uniqueItems === true && JSON.stringify(a) === JSON.stringify(b),
      });
    case 'object':
      return objects(schema, resolve);
    default:
      return texts(schema);
  }
}

function objects({ properties = {}, required = [], minProperties = 0 }: Schema, resolve: Resolve): Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, fitting(schema, resolve)]));
  if (Object.keys(fields).length === 0) return fc.constant({});
  return fc.record(fields, { requiredKeys: [...required] }).filter((value) => Object.keys(value).length >= minProperties);
}

function texts({ format, pattern, minLength = 0, maxLength = 3_000 }: Schema): Arbitrary<string> {
  if (format === 'uuid') return fc.uuid({ version: 7 });
  if (format === 'date-time')
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9000-01-01') }).map((date) => date.toISOString());
  if (format === 'email')
    return fc
      .tuple(fc.stringMatching(/^[a-z]{1,20}$/), fc.stringMatching(/^[a-z]{1,10}$/))
      .map(([name, host]) => `${name}@${host}.example`);
  const isRight = (text: string): boolean => {
    const length = Array.from(text).length;
    return length >= minLength && length <= maxLength && (pattern === undefined || new RegExp(pattern, 'u').test(text));
  };
  const plain = fc.string({
    unit: fc.constantFrom('a', 'B', '7', ' ', '.', '-', 'é', '漢', '🙂', "'", '"', '\\', '<', '%'),
    minLength,
    maxLength: Math.min(maxLength, 40),
  });
  const long = fc.constantFrom('x'.repeat(maxLength), '🙂'.repeat(maxLength), 'é'.repeat(minLength));
  const digits = fc.stringMatching(/^[0-9]{6}$/);
  const words = fc.constantFrom('en', 'en-GB', 'Ada', 'hopeful');
  // Of what has a form of its own the made-up texts rarely have it: those that do must be near at hand.
  return fc
    .oneof(
      { weight: 4, arbitrary: plain },
      { weight: 1, arbitrary: long },
      { weight: 2, arbitrary: digits },
      { weight: 2, arbitrary: words },
    )
    .filter(isRight);
}

const wrongs: readonly unknown[] = [null, true, -1, 1.5, 2 ** 53, '', 'x'.repeat(5_000), [], {}, [[]], { a: 1 }, '\u0000', '0', 'true'];

/** Values that fit a schema but for one place, where a value, a field too many or one too few is wrong. The caller judges whether it still fits. */
export function broken(schema: Schema, resolve: Resolve): Arbitrary<unknown> {
  return fc
    .tuple(fitting(schema, resolve), fc.nat(), fc.constantFrom(...wrongs), fc.constantFrom('replace', 'add', 'remove'))
    .map(([value, at, wrong, how]) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong;
      const fields = Object.entries(value);
      if (how === 'add' || fields.length === 0) return { ...value, surplus: wrong };
      const [name] = fields[at % fields.length] as [string, unknown];
      return how === 'remove' ? Object.fromEntries(fields.filter(([other]) => other !== name)) : { ...value, [name]: wrong };
    });
}
