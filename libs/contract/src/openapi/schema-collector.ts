import type { DescMessage } from '@bufbuild/protobuf';
import type { JsonSchema } from '../json-schema/json-schema.ts';
import { messageComment, objectSchema } from '../json-schema/message-schema.ts';
import type { SchemaUse } from '../json-schema/message-schema.ts';
import { exampleOf } from './example.ts';

/** Gathers the schemas that a document refers to, each once. */
export interface SchemaCollector {
  readonly schemas: Record<string, JsonSchema>;
  /** Adds a schema under a name of its own. @throws Error when the name is taken. */
  add(name: string, schema: JsonSchema): JsonSchema;
  /** Gives a reference to a message's schema, which is added where it is new. */
  ref(use: SchemaUse): (message: DescMessage) => JsonSchema;
  /** Makes an example of a schema that is named so. */
  example(schema: JsonSchema, name: string): unknown;
}

/** Creates an empty collector. */
export function createSchemaCollector(): SchemaCollector {
  const schemas: Record<string, JsonSchema> = {};
  const owners = new Map<string, string>();

  function claim(name: string, owner: string): boolean {
    const other = owners.get(name);
    if (other !== undefined && other !== owner) throw new Error(`two schemas are called ${name}: ${other} and ${owner}`);
    owners.set(name, owner);
    return other === undefined;
  }

  function ref(use: SchemaUse): (message: DescMessage) => JsonSchema {
    return (message) => {
      // What goes in is strict and what comes out is open, so a message that does both has two schemas.
      const name = use === 'response' ? message.name : `${message.name}Input`;
      if (claim(name, message.typeName))
        schemas[name] = objectSchema(message.fields, { use, description: messageComment(message), ref: ref(use) });
      return { $ref: `#/components/schemas/${name}` };
    };
  }

  return {
    schemas,
    add(name, schema) {
      const other = owners.get(name);
      if (other !== undefined) throw new Error(`two schemas are called ${name}; the first is that of ${other}`);
      owners.set(name, 'a body');
      schemas[name] = schema;
      return { $ref: `#/components/schemas/${name}` };
    },
    ref,
    example: (schema, name) => exampleOf(schema, name, (target) => schemas[target]),
  };
}
