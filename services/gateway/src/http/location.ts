import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { Response } from 'express';

/** Sets the Location header from its template: `/v1/quotes/{quote.id}` with the values of the answer. */
export function setLocation(response: Response, template: string, answer: JsonValue): void {
  const location = template.replace(/\{([^}]+)\}/g, (_, path: string) => encodeURIComponent(valueAt(answer, path.split('.'))));
  response.setHeader('Location', location);
}

function valueAt(value: JsonValue | undefined, [name, ...rest]: readonly string[]): string {
  if (name === undefined) {
    if (typeof value !== 'string') throw new Error('a Location needs a string');
    return value;
  }
  // Templates write proto names; answers have JSON names.
  const jsonName = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return valueAt((value as JsonObject | undefined)?.[jsonName], rest);
}
