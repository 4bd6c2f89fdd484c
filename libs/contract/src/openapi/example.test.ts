import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { contractServices } from '../gen/services.ts';
import { exampleOf } from './example.ts';
import { openApiDocument } from './open-api-document.ts';

const document = openApiDocument(contractServices, { publicUrl: 'http://127.0.0.1:8080', version: '1', commonErrors: [] });
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'document', ...document });

interface Content {
  readonly schema: { readonly $ref?: string };
  readonly example?: unknown;
}
interface Operation {
  readonly operationId: string;
  readonly parameters: readonly ({ readonly name: string; readonly in: string } & Content)[];
  readonly requestBody?: { readonly content: Record<string, Content> };
  readonly responses: Record<string, { readonly content?: Record<string, Content> }>;
}
const operations = Object.values(document.paths).flatMap((path) => Object.values(path) as Operation[]);

function faults({ schema, example }: Content): unknown {
  const target = schema.$ref === undefined ? schema : { $ref: `document${schema.$ref}` };
  const validate = ajv.compile(target);
  validate(example);
  return validate.errors ?? [];
}

describe('the examples of the document', () => {
  it.each(operations.map((operation) => [operation.operationId, operation] as const))('fit the schemas of %s', (_, operation) => {
    const json = (content: Record<string, Content> | undefined) => content?.['application/json'];
    const bodies = [json(operation.requestBody?.content), ...Object.values(operation.responses).map(({ content }) => json(content))];
    const inPlace = operation.parameters.filter(({ in: place, name }) => (place === 'path' || place === 'query') && name !== 'pageToken');
    for (const content of [...bodies, ...inPlace]) {
      if (content === undefined || (content.example === undefined && content.schema.$ref === undefined)) continue;
      expect(content.example).toBeDefined();
      expect([content.example, faults(content)]).toEqual([content.example, []]);
    }
  });

  it('say of a generation what a person would ask and get', () => {
    const generation = operations.find(({ operationId }) => operationId === 'generateQuotes');
    expect(generation?.requestBody?.content['application/json']?.example).toMatchObject({ prompt: 'a door left open', count: 3 });
  });
});

describe('an example', () => {
  const none = (): undefined => undefined;
  it('keeps to the limits where the usual word does not', () => {
    expect(exampleOf({ type: 'string', minLength: 10 }, 'tone', none)).toBe('example...');
    expect(exampleOf({ type: 'string', enum: ['a', 'b'] }, 'tone', none)).toBe('a');
    expect(exampleOf({ type: 'integer', minimum: 5, maximum: 9 }, 'latencyMs', none)).toBe(5);
    expect(exampleOf({ type: ['string', 'null'], maxLength: 200 }, 'author', none)).toBe('Ada Lovelace');
  });

  it('ends where schemas hold themselves', () => {
    const self = { type: 'object', properties: { of: { $ref: '#/x/Self' } } };
    expect(JSON.stringify(exampleOf(self, 'Self', () => self)).length).toBeLessThan(200);
  });
});
