import type { DescMessage } from '@bufbuild/protobuf';
import type { RoutedMethod } from '../http-route.ts';
import type { JsonSchema } from '../json-schema/json-schema.ts';
import { messageComment, objectSchema } from '../json-schema/message-schema.ts';

/** The name under `#/components/schemas` of the body of a route. */
export function requestSchemaName({ method }: RoutedMethod): string {
  return method.input.name;
}

/** Makes the schema of a route's body. */
export function bodySchema({ method, route }: RoutedMethod, ref: (message: DescMessage) => JsonSchema): JsonSchema {
  return objectSchema(route.openFields, {
    use: route.verb === 'patch' ? 'patch' : 'request',
    description: messageComment(method.input),
    ref,
  });
}

/** Makes the schema of a route's query, its path variables included, as one object. Routes with a body take the path alone. */
export function querySchema({ method, route }: RoutedMethod): JsonSchema {
  const inPath = method.input.fields.filter((field) => route.pathFields.includes(field.name));
  const fields = [...inPath, ...(route.hasBody ? [] : route.openFields)];
  const schema = objectSchema(fields, {
    use: 'request',
    ref: (message) => {
      throw new Error(`${message.typeName} does not fit into a query`);
    },
  });
  return { ...schema, ...(inPath.length === 0 ? {} : { required: inPath.map((field) => field.jsonName) }) };
}
