import type { DescMessage } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { CreateQuoteRequestSchema, GenerateQuotesRequestSchema, QuoteSchema, UpdateQuoteRequestSchema } from '../quote.ts';
import { RegisterRequestSchema } from '../user.ts';
import { objectSchema } from './message-schema.ts';
import type { SchemaUse } from './message-schema.ts';

function schemaOf(message: DescMessage, use: SchemaUse) {
  return objectSchema(message.fields, { use, ref: () => ({ type: 'object' }) });
}

describe('objectSchema', () => {
  it('asks in a request for what can not be left out, and refuses what is unknown', () => {
    const schema = schemaOf(GenerateQuotesRequestSchema, 'request');
    expect(schema.required).toEqual(['prompt']);
    expect(schema.additionalProperties).toBe(false);
    expect(schema.properties?.['prompt']).toEqual({ description: 'The thought.', type: 'string', minLength: 1, maxLength: 2_000 });
    expect(schema.properties?.['count']).toMatchObject({ type: 'integer', minimum: 1, maximum: 5 });
    expect(schema.properties?.['seed']).toMatchObject({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
  });

  it('shows the limits of lists and of their items', () => {
    expect(schemaOf(CreateQuoteRequestSchema, 'request').properties?.['tags']).toMatchObject({
      type: 'array',
      maxItems: 20,
      uniqueItems: true,
      items: { type: 'string', minLength: 1, maxLength: 50 },
    });
  });

  it('marks passwords, and says in which form an address is', () => {
    const { properties } = schemaOf(RegisterRequestSchema, 'request');
    expect(properties?.['password']).toMatchObject({ format: 'password', writeOnly: true });
    expect(properties?.['email']).toMatchObject({ format: 'email', maxLength: 254 });
  });

  it('lets a PATCH clear what is clearable, and asks for at least one field', () => {
    const schema = schemaOf(UpdateQuoteRequestSchema, 'patch');
    expect(schema.properties?.['author']?.type).toEqual(['string', 'null']);
    expect(schema.properties?.['text']?.type).toBe('string');
    expect(schema).toMatchObject({ minProperties: 1 });
    expect(schema.required).toBeUndefined();
  });

  it('promises in an answer every field but the optional ones, and leaves room for more', () => {
    const schema = schemaOf(QuoteSchema, 'response');
    expect(schema.required).toEqual(expect.arrayContaining(['id', 'tags', 'favorite', 'sentimentScore', 'createdAt', 'quality']));
    expect(schema.required).not.toContain('author');
    expect(schema.additionalProperties).toBeUndefined();
  });

  it('is a schema that a strict validator takes', () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true });
    (addFormats as unknown as (target: Ajv2020) => void)(ajv);
    ajv.addFormat('password', true);
    for (const message of [GenerateQuotesRequestSchema, CreateQuoteRequestSchema, RegisterRequestSchema]) {
      expect(() => ajv.compile(schemaOf(message, 'request'))).not.toThrow();
    }
  });
});
